package xyz.openledger.cluster.cli;

import picocli.CommandLine.Command;

@Command(
    name = "price",
    description = "Shows what work was sold at, and helps a contributor find a price.",
    subcommands = {PriceSuggestCommand.class, PriceHistoryCommand.class},
    footer = {
      "",
      "Example: openledger pool price suggest node-k7pw3zmx --electricity 0.30 --open-value 0.05"
    })
final class PoolPriceCommand {}

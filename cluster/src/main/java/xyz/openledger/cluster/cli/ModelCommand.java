package xyz.openledger.cluster.cli;

import picocli.CommandLine.Command;

@Command(
    name = "model",
    description = "Serves language models under names.",
    subcommands = {ModelPublishCommand.class, ModelListCommand.class, ModelWithdrawCommand.class},
    footer = "%nExample: openledger model list")
final class ModelCommand {}

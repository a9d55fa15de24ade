package xyz.openledger.cluster.cli;

import picocli.CommandLine.Command;

@Command(
    name = "bench",
    description = "Measures what work costs on this machine.",
    subcommands = {
      BenchAuctionCommand.class,
      BenchInferenceCommand.class,
      BenchJobsCommand.class,
      BenchKernelsCommand.class,
      BenchLedgerCommand.class,
      BenchMatchCommand.class,
      BenchPoolsCommand.class,
      BenchSandboxCommand.class,
      BenchVerificationCommand.class
    },
    footer = "%nExample: openledger bench jobs --row core")
final class BenchCommand {}

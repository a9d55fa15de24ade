package xyz.openledger.cluster.cli;

import picocli.CommandLine.Command;

@Command(
    name = "zk",
    description = "Proves what a private model answers, and checks such proofs.",
    subcommands = {
      ZkProveCommand.class,
      ZkVerifyCommand.class,
      ZkSubmitCommand.class,
      ZkRegisterCommand.class,
      ZkRecordCommand.class
    },
    footer = "%nExample: openledger zk verify evidence.json")
final class ZkCommand {}

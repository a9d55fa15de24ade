package xyz.openledger.cluster.cli;

import picocli.CommandLine.Command;

@Command(
    name = "model",
    description = {
      "Language models: checks, runs, asks and trains them on this machine, without a member;",
      "publishes them to a network that then serves them (openledger chat)."
    },
    subcommands = {
      ModelCheckCommand.class,
      ModelRunCommand.class,
      ModelAskCommand.class,
      ModelTuneCommand.class,
      ModelTrainTinyCommand.class,
      ModelPublishCommand.class,
      ModelListCommand.class,
      ModelWithdrawCommand.class
    },
    footer = "%nExample: openledger model ask \"What is a node?\"")
final class ModelCommand {}

package xyz.openledger.cluster.cli;

import picocli.CommandLine.Command;

@Command(
    name = "model",
    description =
        "Checks, runs, asks and trains language models on this machine, without a member.",
    subcommands = {
      ModelCheckCommand.class,
      ModelRunCommand.class,
      ModelAskCommand.class,
      ModelTuneCommand.class,
      ModelTrainTinyCommand.class
    },
    footer = "%nExample: openledger model ask \"What is a node?\"")
final class ModelCommand {}

package xyz.openledger.cluster.cli;

import picocli.CommandLine.Command;

@Command(
    name = "model",
    description =
        "Checks, runs, asks and trains language models here, and publishes them to a network.",
    subcommands = {
      ModelCheckCommand.class,
      ModelRunCommand.class,
      ModelAskCommand.class,
      ModelTuneCommand.class,
      ModelTrainTinyCommand.class,
      ModelPublishCommand.class,
      ModelListCommand.class,
      ModelOwnCommand.class,
      ModelWithdrawCommand.class
    },
    footer = "%nExample: openledger model ask \"What is a node?\"")
final class ModelCommand {}

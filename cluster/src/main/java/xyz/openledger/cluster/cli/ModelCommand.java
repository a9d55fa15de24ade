package xyz.openledger.cluster.cli;

import picocli.CommandLine.Command;

@Command(
    name = "model",
    description = "Trains models and adapters with the same bits on every machine, and asks them.",
    subcommands = {ModelTuneCommand.class, ModelTrainTinyCommand.class, ModelAskCommand.class},
    footer = "%nExample: openledger model ask \"What is a node?\"")
final class ModelCommand {}

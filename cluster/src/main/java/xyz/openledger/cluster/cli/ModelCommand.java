package xyz.openledger.cluster.cli;

import picocli.CommandLine.Command;

@Command(
    name = "model",
    description = "Checks and runs language models on this machine, without a member.",
    subcommands = {ModelCheckCommand.class, ModelRunCommand.class},
    footer = "%nExample: openledger model check ~/models/SmolLM2-135M")
final class ModelCommand {}

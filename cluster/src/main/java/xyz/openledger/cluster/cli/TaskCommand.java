package xyz.openledger.cluster.cli;

import picocli.CommandLine.Command;

@Command(
    name = "task",
    description = "Tries a program on this machine before it is submitted.",
    subcommands = TaskCheckCommand.class,
    footer =
        "%nExample: openledger task check examples/hello/hello.wasm --input"
            + " examples/hello/names.txt")
final class TaskCommand {}

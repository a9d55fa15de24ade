package xyz.openledger.cluster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.demo.DemoRun;

@Command(
    name = "demo",
    description =
        "Starts a whole network on this machine, runs real work through it, and stops it again.",
    subcommands = DemoInferenceCommand.class,
    footer = "%nExample: openledger demo --json > summary.json")
final class DemoCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--json",
      description = "print the summary as one JSON document on standard output")
  boolean json;

  @Option(names = "--keep", description = "leave the data in .openledger/demo when it ends")
  boolean keep;

  DemoCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    return DemoRun.run(shell.out(), shell.err(), shell.workingDirectory(), json, keep)
        ? ExitCode.OK
        : ExitCode.FAILED;
  }
}

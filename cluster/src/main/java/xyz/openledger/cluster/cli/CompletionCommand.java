package xyz.openledger.cluster.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Prints a script with which bash and zsh complete commands and options.",
    footer = "%nExample: source <(openledger completion)")
final class CompletionCommand implements Callable<Integer> {
  private final Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  CommandSpec spec;

  CompletionCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    shell.out().println(AutoComplete.bash("openledger", spec.root().commandLine()));
    return ExitCode.OK;
  }
}

package xyz.openledger.nodes.agent;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.protocol.ProblemException;

/**
 * {@code openledger node …}: what a contributor types. Exit codes: 0 ok, 1 failed, 2 usage, 3
 * refused, 4 unreachable.
 */
@Command(
    name = "openledger node",
    mixinStandardHelpOptions = true,
    description = "Lends this machine to a compute pool.")
public final class AgentMain {
  private static final String LOG_SETTINGS = "logback.configurationFile";

  private AgentMain() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments, UnaryOperator.identity()));
  }

  /**
   * Runs a command.
   *
   * @param decoration puts something before the workers of an agent that this starts, such as a
   *     meter; what it measures at its start is the workers themselves
   * @return the exit code
   */
  public static int run(String[] arguments, UnaryOperator<TaskRunner> decoration) {
    // Standard output is for data; the log of an agent goes to standard error, and says little.
    if (System.getProperty(LOG_SETTINGS) == null) {
      System.setProperty(LOG_SETTINGS, "logback-agent.xml");
    }
    return command(decoration).execute(arguments);
  }

  /** The command line, for a caller that keeps its output. */
  public static CommandLine command(UnaryOperator<TaskRunner> decoration) {
    var root =
        new CommandLine(new AgentMain())
            .addSubcommand(new JoinCommand(decoration))
            .addSubcommand(new RunCommand(decoration))
            .addSubcommand(new LeaveCommand())
            .addSubcommand(new StatusCommand())
            .addSubcommand(new UnitCommand());
    for (CommandLine command : root.getSubcommands().values()) {
      command.getCommandSpec().addOption(help());
    }
    return root.setUsageHelpWidth(100)
        .setExecutionExceptionHandler((failure, command, _) -> report(failure, command.getErr()));
  }

  /** Every command explains itself, whatever else is missing on its line. */
  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("show this help and exit")
        .build();
  }

  /** This release; {@code dev} outside a jar. */
  static String version() {
    return Optional.ofNullable(AgentMain.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }

  private static int report(Exception failure, PrintWriter err) {
    if (failure instanceof ProblemException problem) {
      String field = problem.field().isEmpty() ? "" : problem.field() + ": ";
      err.println("✗ " + problem.problem().title() + " (" + problem.problem().code() + ")");
      err.println("  " + field + problem.detail());
      return ExitCode.of(problem.problem());
    }
    err.println("✗ " + failure);
    return ExitCode.FAILED;
  }
}

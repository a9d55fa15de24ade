package xyz.openledger.cluster.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * {@code openledger}: everything that can be done from a terminal. Exit codes: {@link ExitCode}.
 */
@Command(
    name = "openledger",
    description = "Turns scattered machines into compute pools whose results can be checked.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    footer = {
      "",
      "Machines join and leave by: openledger node join|run|leave|status|unit",
      "From a source tree, every test with full counts: openledger verify --thorough",
      "Exit codes: 0 ok, 1 failed, 2 usage, 3 refused by policy, 4 unreachable, 5 verification"
          + " false",
      "",
      "Example: openledger job submit examples/hello/job.json --wait"
    },
    subcommands = {
      DemoCommand.class,
      DevCommand.class,
      MemberCommand.class,
      WitnessCommand.class,
      AuditCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      SimulateCommand.class,
      NodeCommand.class,
      PoolCommand.class,
      MarketCommand.class,
      BlobCommand.class,
      JobCommand.class,
      PolicyCommand.class,
      GovCommand.class,
      ReceiptCommand.class,
      DisputeCommand.class,
      AccountCommand.class,
      EarningsCommand.class,
      PayoutCommand.class,
      TaskCommand.class,
      ChatCommand.class,
      ZkCommand.class,
      TeeCommand.class,
      ModelCommand.class,
      TuneCommand.class,
      EventsCommand.class,
      ConfigCommand.class,
      VersionCommand.class,
      CompletionCommand.class
    })
public final class OpenLedger {
  /** What begins a line that stands where it stands: it points at a character of the one above. */
  private static final String PICTURE = "| ";

  private OpenLedger() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Shell.system(), arguments));
  }

  /** Runs a command and answers its exit code. */
  public static int run(Shell shell, String... arguments) {
    return commandLine(shell).execute(arguments);
  }

  /** All commands, in {@code shell}. */
  static CommandLine commandLine(Shell shell) {
    var root = new CommandLine(new OpenLedger(), new ShellFactory(shell));
    addHelp(root);
    return root.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi(shell)))
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler((wrong, _) -> usage(shell, wrong))
        .setExecutionExceptionHandler((thrown, command, _) -> failed(shell, thrown, command));
  }

  /** Every command explains itself. */
  private static void addHelp(CommandLine command) {
    for (CommandLine sub : command.getSubcommands().values()) {
      sub.getCommandSpec()
          .addOption(
              OptionSpec.builder("-h", "--help")
                  .usageHelp(true)
                  .description("show this help and exit")
                  .build());
      addHelp(sub);
    }
  }

  private static int failed(Shell shell, Exception thrown, CommandLine command) {
    if (shell.variable("OPENLEDGER_DEBUG") != null) {
      thrown.printStackTrace(shell.err());
    }
    Failure failure = Failure.of(thrown);
    report(shell, failure.next().isEmpty() ? failure.withNext(help(command)) : failure);
    return failure.exitCode();
  }

  private static int usage(Shell shell, ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String sentence = String.valueOf(wrong.getMessage());
    String next = help(command);
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      String word = unmatched.getUnmatched().getFirst();
      boolean verb = !command.getSubcommands().isEmpty() && !word.startsWith("-");
      sentence = "there is no " + (verb ? "command '" : "argument '") + word + "' here";
      next =
          suggestions.isEmpty()
              ? next
              : command.getCommandSpec().qualifiedName() + " " + suggestions.getFirst();
    }
    report(shell, new Failure(ExitCode.USAGE, sentence, "", next));
    return ExitCode.USAGE;
  }

  private static String help(CommandLine command) {
    return command.getCommandSpec().qualifiedName() + " --help";
  }

  /** One line that says what is wrong, then where, then what helps. */
  static void report(Shell shell, Failure failure) {
    PrintStream err = shell.err();
    Ansi ansi = ansi(shell);
    String label = ansi.string("@|bold,red error:|@ ");
    var sentence = new StringJoiner("; ");
    var picture = new ArrayList<String>();
    for (String line : Text.printable(failure.sentence()).split("\n", -1)) {
      if (line.startsWith(PICTURE)) {
        picture.add(line);
      } else if (!line.isBlank()) {
        sentence.add(line.strip());
      }
    }
    err.println(label + sentence);
    picture.forEach(err::println);
    if (!failure.field().isEmpty()) {
      err.println("field: " + Text.printable(failure.field()));
    }
    if (!failure.next().isEmpty()) {
      err.println("try:   " + Text.printable(failure.next()));
    }
    err.flush();
  }

  private static Ansi ansi(Shell shell) {
    return shell.colour() ? Ansi.ON : Ansi.OFF;
  }

  /** Makes commands and mixins, and gives the shell to those that ask for it. */
  private record ShellFactory(Shell shell) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      try {
        Constructor<K> constructor = type.getDeclaredConstructor(Shell.class);
        constructor.setAccessible(true);
        return constructor.newInstance(shell);
      } catch (NoSuchMethodException withoutShell) {
        return CommandLine.defaultFactory().create(type);
      } catch (InvocationTargetException failed) {
        throw new IllegalStateException("cannot make " + type, failed.getCause());
      }
    }
  }
}

package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class VerbsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "doctor",
        "bench jobs",
        "bench auction",
        "bench pools",
        "bench sandbox",
        "simulate",
        "node list",
        "node show",
        "node drain",
        "node claim",
        "pool list",
        "pool show",
        "pool price suggest",
        "pool price history",
        "pool carbon",
        "pool quota list",
        "pool quota set",
        "pool quota remove",
        "market show",
        "market history",
        "market reserve",
        "blob put",
        "blob get",
        "job submit",
        "job list",
        "job show",
        "job output",
        "job explain",
        "job cancel",
        "job wait",
        "gov show",
        "gov check",
        "gov set",
        "gov schema",
        "gov propose",
        "gov vote",
        "gov queue",
        "gov execute",
        "gov simulate",
        "gov wrap",
        "gov delegate",
        "dispute export",
        "dispute submit",
        "dispute case show",
        "dispute case appeal",
        "dispute case execute",
        "receipt show",
        "receipt verify",
        "receipt recheck",
        "receipt log",
        "witness",
        "audit export",
        "audit check",
        "dispute replay",
        "bench verification",
        "bench ledger",
        "account show",
        "account deposit",
        "account withdraw",
        "account authorise",
        "account vouchers",
        "earnings",
        "earnings claim",
        "earnings forecast",
        "task check",
        "tee check",
        "model tune",
        "model train-tiny",
        "model ask",
        "model check",
        "model run",
        "tee sample",
        "zk prove",
        "zk verify",
        "zk submit",
        "zk register",
        "zk record",
        "config show",
        "version",
        "events",
        "completion"
      })
  void exists(String verb) {
    assertThat(commands()).extracting(VerbsTest::name).contains("openledger " + verb);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void saysInOneSentenceWhatItDoes(CommandLine command) {
    String[] description = command.getCommandSpec().usageMessage().description();

    assertThat(description).as(name(command)).hasSize(1);
    assertThat(description[0]).endsWith(".").hasSizeLessThan(110).doesNotContain("%n");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void showsAnExampleThatItUnderstands(CommandLine command) {
    String example = example(command);

    assertThat(example).startsWith(name(command));
    if (command.getSubcommands().isEmpty()) {
      String[] words = example.replaceAll("[>|)].*", "").strip().split(" ");
      String[] arguments = List.of(words).subList(1, words.length).toArray(String[]::new);
      assertThatCode(() -> root().parseArgs(arguments)).as(example).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpsOnStandardOutput(CommandLine command) {
    var words = new ArrayList<>(List.of(name(command).split(" ")));
    words.add("--help");

    var result = new TestShell(Path.of("")).run(words.stream().skip(1).toArray(String[]::new));

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("Usage: " + name(command));
    assertThat(result.err()).isEmpty();
  }

  @Test
  void printsACompletionScript() {
    var result = new TestShell(Path.of("")).run("completion");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("_complete_openledger", "submit", "--idempotency-key");
  }

  static Stream<CommandLine> commands() {
    return all(root());
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(VerbsTest::all));
  }

  private static CommandLine root() {
    return OpenLedger.commandLine(
        new TestShell(Path.of(""))
            .shell(new java.io.ByteArrayOutputStream(), new java.io.ByteArrayOutputStream()));
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  private static String example(CommandLine command) {
    return Stream.of(command.getCommandSpec().usageMessage().footer())
        .map(line -> line.replace("%n", ""))
        .filter(line -> line.startsWith("Example: "))
        .map(line -> line.substring("Example: ".length()).replace("source <(", ""))
        .findFirst()
        .orElse("");
  }
}

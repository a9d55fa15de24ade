package xyz.openledger.cluster.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs commands and keeps what they print. */
final class TestShell {
  /** What a command left. */
  record Result(int exitCode, String out, String err) {}

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private boolean terminal;

  TestShell(Path folder) {
    this.folder = folder;
  }

  /** The shell of someone who works with {@code member}. */
  static TestShell of(Path folder, CannedMember member) {
    return new TestShell(folder)
        .set("OPENLEDGER_URL", member.url().toString())
        .set("OPENLEDGER_TOKEN", "olt1-test");
  }

  TestShell set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  TestShell watched() {
    terminal = true;
    return this;
  }

  Result run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int exitCode = OpenLedger.run(shell(out, err), arguments);
    return new Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  Shell shell(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Shell(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.copyOf(environment),
        folder,
        null,
        terminal);
  }
}

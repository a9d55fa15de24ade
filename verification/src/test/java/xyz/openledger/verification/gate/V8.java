package xyz.openledger.verification.gate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs gated modules on V8, in one {@code node} process for a list of runs. Where a build says
 * {@code CI=true}, a missing node is a failure; elsewhere the comparison is skipped.
 */
final class V8 {

  private static final int PROCESS_SECONDS_MAX = 300;

  private V8() {}

  /** Runs all tasks; their files are written below {@code folder}. */
  static List<Run> run(Path folder, List<Task> tasks) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < tasks.size(); i++) {
      var task = tasks.get(i);
      Path module = write(folder.resolve(i + ".wasm"), task.module());
      String input =
          task.input().length == 0
              ? "-"
              : write(folder.resolve(i + ".input"), task.input()).toString();
      lines.add(
          Stream.concat(
                  Stream.of(module.toString(), Long.toString(task.fuel()), input),
                  task.arguments().stream())
              .collect(Collectors.joining("\t")));
    }
    return node(folder, lines).stream().map(V8::parse).toList();
  }

  /** Whether V8 finds each module valid, with all the features it has. */
  static List<Boolean> validate(Path folder, List<byte[]> modules) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < modules.size(); i++) {
      lines.add(write(folder.resolve(i + ".wasm"), modules.get(i)) + "\tvalidate\t-");
    }
    return node(folder, lines).stream()
        .map(
            line ->
                switch (line) {
                  case "valid" -> true;
                  case "invalid" -> false;
                  default -> throw new AssertionError("node said: " + line);
                })
        .toList();
  }

  private static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static List<String> node(Path folder, List<String> lines) {
    requireNode();
    try {
      Path list = folder.resolve("runs.txt");
      Files.write(list, lines);
      Path output = folder.resolve("results.txt");
      var process =
          new ProcessBuilder("node", script().toString(), list.toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(PROCESS_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("node did not finish: " + Files.readString(output));
      }
      var results = Files.readAllLines(output);
      if (results.size() != lines.size()) {
        throw new AssertionError("node ran too few: " + Files.readString(output));
      }
      return results;
    } catch (IOException failure) {
      throw new AssertionError(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  private static Run parse(String line) {
    String[] parts = line.split("\t", -1);
    if (parts.length < 5) {
      throw new AssertionError("node said: " + line);
    }
    return new Run(
        parts[0], Long.parseLong(parts[1]), Integer.parseInt(parts[2]), parts[3], parts[4]);
  }

  private static Path script() {
    try {
      return Path.of(V8.class.getResource("run-gated.mjs").toURI());
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void requireNode() {
    boolean present = false;
    try {
      present = new ProcessBuilder("node", "--version").start().waitFor() == 0;
    } catch (IOException missing) {
      // reported below
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!present && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("node is missing; install Node 20 or later (apt install nodejs)");
    }
    Assumptions.assumeTrue(present, "node is missing");
  }
}

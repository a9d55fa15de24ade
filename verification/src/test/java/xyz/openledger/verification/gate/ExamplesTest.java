package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clang and AssemblyScript really emit: the project's examples pass the gate, and gated they
 * write what the plain modules wrote under Node's own WASI ({@code expected.txt}).
 */
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("..", "examples");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void theFirstTaskOfEveryExampleWritesWhatItIsExpectedTo(@TempDir Path folder) throws IOException {
    var engines = new Engines();
    for (Path job : jobs()) {
      run(job, engines);
    }
    engines.thenOnV8(folder);
  }

  @Test
  void theInterpreterAgreesOnTheSmallest() throws IOException {
    byte[] module = Files.readAllBytes(EXAMPLES.resolve("hello/hello.wasm"));
    byte[] gated = WasmGate.admit(module, GateLimits.DEFAULT).bytes();
    byte[] input = Files.readAllBytes(EXAMPLES.resolve("hello/names.txt"));
    var task = new Task(gated, 10_000_000, input, List.of("task"));

    assertThat(Endive.INTERPRETER.run(task)).isEqualTo(Endive.COMPILER.run(task));
  }

  private static List<Path> jobs() throws IOException {
    try (var files = Files.walk(EXAMPLES, 2)) {
      var jobs =
          files
              .filter(file -> file.getFileName().toString().matches("job.*\\.json"))
              .filter(ExamplesTest::isProgram)
              .sorted()
              .toList();
      assertThat(jobs).as("job files under %s", EXAMPLES).hasSizeGreaterThanOrEqualTo(4);
      return jobs;
    }
  }

  private static boolean isProgram(Path job) {
    try {
      return JSON.readTree(job.toFile()).get("workload").has("module");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void run(Path job, Engines engines) throws IOException {
    JsonNode document = JSON.readTree(job.toFile());
    var workload = document.get("workload");
    var task = document.get("tasks").get(0);
    byte[] module = Files.readAllBytes(job.resolveSibling(workload.get("module").asText()));
    byte[] gated = WasmGate.admit(module, GateLimits.DEFAULT).bytes();
    byte[] input = Files.readAllBytes(job.resolveSibling(task.get("input").asText()));
    var arguments = new ArrayList<>(List.of("task"));
    task.get("arguments").forEach(argument -> arguments.add(argument.asText()));
    long fuel = workload.get("fuelMax").asLong();

    var run = engines.onCompiler(job.toString(), new Task(gated, fuel, input, arguments));

    assertThat(run.end()).as(job.toString()).isIn("returned", "exit 0");
    assertThat(expected(job)).as(job.toString()).endsWith("output sha256:" + run.output());
  }

  /** What {@code expected.txt} says of the first task of {@code job}. */
  private static String expected(Path job) throws IOException {
    var lines = Files.readAllLines(job.resolveSibling("expected.txt"));
    int start = lines.indexOf("job " + job.getFileName());
    return lines.subList(start, lines.size()).stream()
        .filter(line -> line.startsWith("task 0 "))
        .findFirst()
        .orElseThrow();
  }
}

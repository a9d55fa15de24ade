package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTuneCommandTest {
  private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();
  private static final String TINY = EXAMPLES.resolve("models/tiny").toString();
  private static final String PIRATE = EXAMPLES.resolve("fine-tuning/pirate.jsonl").toString();

  @TempDir Path folder;

  @Test
  void theSameCommandPrintsTheSameDigests() {
    TestShell.Result first = tune("--out", "a", "--threads", "1");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.err()).contains("320 samples", "step 1 of 4  loss ", "step 4 of 4  loss ");
    assertThat(first.out()).containsPattern("adapter +sha256:[0-9a-f]{64}");

    TestShell.Result again = tune("--out", "b", "--threads", "2");
    assertThat(lines(again)).isEqualTo(lines(first));
    assertThat(folder.resolve("a/adapter_config.json")).content().contains("\"r\" : 8", "tiny");
  }

  @Test
  void aResumedTrainingPrintsTheDigestsOfAWholeOne() throws IOException {
    TestShell.Result whole = tune("--out", "a", "--checkpoint-every", "2");
    Path last = checkpoint("a", 4);
    Files.delete(last);
    TestShell.Result resumed = tune("--out", "a", "--resume");
    assertThat(resumed.err()).contains("goes on after step 2").doesNotContain("step 2 of 4");
    assertThat(lines(resumed)).isEqualTo(lines(whole));
    assertThat(last).exists();
  }

  @Test
  void aSegmentIsMadeAgainAndAFalseOneIsFound() throws IOException {
    tune("--out", "a", "--checkpoint-every", "2");
    tune("--out", "other", "--checkpoint-every", "2", "--seed", "8");
    String from = checkpoint("a", 2).toString();

    TestShell.Result honest = tune("--verify", from, checkpoint("a", 4).toString());
    assertThat(honest.out()).isEqualTo("steps 3 to 4: every bit agrees\n");
    assertThat(honest.exitCode()).isZero();

    TestShell.Result cheat = tune("--verify", from, checkpoint("other", 4).toString());
    assertThat(cheat.out()).contains("steps 3 to 4: DIFFERENT");
    assertThat(cheat.exitCode()).isEqualTo(ExitCode.FALSE);
  }

  @Test
  void badDataIsToldWithItsLine() throws IOException {
    Files.write(
        folder.resolve("bad.jsonl"),
        List.of("{\"prompt\": \"a\", \"completion\": \"b\"}", "{\"prompt\": \"a\"}"));
    TestShell.Result refused =
        new TestShell(folder)
            .run("model", "tune", "--model", TINY, "--data", "bad.jsonl", "--out", "a");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.err()).contains("line 2, completion", "is missing");
  }

  @Test
  void theShippedModelIsAskedWithAnAdapter() {
    String pirate = EXAMPLES.resolve("models/adapters/pirate").toString();
    TestShell.Result answer =
        new TestShell(folder)
            .run("model", "ask", "What colour is the sky?", "--model", TINY, "--adapter", pirate);
    assertThat(answer.err()).contains("digest sha256:");
    assertThat(answer.out()).isEqualTo("Arr! The sky be blue. Yo ho!\n");
  }

  private TestShell.Result tune(String... more) {
    var arguments =
        new java.util.ArrayList<>(
            List.of("model", "tune", "--model", TINY, "--data", PIRATE, "--steps", "4"));
    arguments.addAll(List.of(more));
    return new TestShell(folder).run(arguments.toArray(String[]::new));
  }

  private Path checkpoint(String out, int step) throws IOException {
    try (var files = Files.list(folder.resolve(out).resolve("checkpoints"))) {
      return files
          .filter(
              file -> file.getFileName().toString().startsWith("checkpoint-%08d-".formatted(step)))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Both digests, without the folder. */
  private static List<String> lines(TestShell.Result result) {
    return result.out().lines().filter(line -> line.contains("sha256:")).toList();
  }
}

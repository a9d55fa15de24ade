package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.sandbox.Bubblewrapped;
import xyz.openledger.protocol.Digest;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelProgram;
import xyz.openledger.verification.zk.ModelTask;

/** A real worker checks the proof of what a private model answers, with what it has there. */
@Tag("sandbox")
class PrivateModelInAWorkerTest {
  private static final Path EVIDENCE =
      Path.of("../verification/src/test/resources/zk/evidence.json");

  @Test
  void comesToTheOutcomeThatTheMemberComesTo() throws Exception {
    byte[] input = evidence();
    ModelEvidence evidence = ModelEvidence.read(input);
    var program = ModelProgram.of(evidence);
    var request =
        new ExecutionRequest(
            Digest.of(input),
            List.of(evidence.job()),
            input,
            new ExecutionLimits(ModelTask.FUEL, 1 << 20, 4_096));
    try (var pool = WorkerPool.start(WorkerSettings.of(1), Bubblewrapped.orWhatThereIs())) {
      var module = WorkerModule.of(program.write());
      var told =
          pool.run(new WorkerTask(module, request, Duration.ofSeconds(60)))
              .get(120, TimeUnit.SECONDS);
      assertThat(told)
          .isInstanceOfSatisfying(
              TaskResult.Completed.class,
              completed ->
                  assertThat(completed.execution().outcome())
                      .isEqualTo(
                          new ModelTask(program, request.arguments(), ModelTask.FUEL, 4_096)
                              .run(input)
                              .outcome()));
    }
  }

  private static byte[] evidence() throws IOException {
    return Files.readAllBytes(EVIDENCE);
  }
}

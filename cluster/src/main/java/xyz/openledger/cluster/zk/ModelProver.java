package xyz.openledger.cluster.zk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelKeys;

/**
 * Runs the prover, a Node program of ours, on this machine. Weights and inputs go to it by a pipe,
 * and leave neither it nor this process.
 */
public final class ModelProver {
  private static final int TIMEOUT_SECONDS = 180;
  private static final int ANSWER_BYTES_MAX = 64 << 10;
  private static final int COMPLAINT_BYTES_MAX = 4 << 10;

  private final Path program;

  private ModelProver(Path program) {
    this.program = program;
  }

  /**
   * The prover of a source tree.
   *
   * @throws IOException with the command that installs it
   */
  public static ModelProver below(@Nullable Path projectHome) throws IOException {
    Path home = projectHome == null ? Path.of("") : projectHome;
    Path program = home.resolve("chain-anchor/zk/prove.js").toAbsolutePath();
    if (!Files.isRegularFile(program)
        || !Files.isDirectory(home.resolve("chain-anchor/node_modules/snarkjs"))) {
      throw new IOException(
          "the prover is not here; it comes with a source tree: npm ci --ignore-scripts --prefix"
              + " chain-anchor");
    }
    return new ModelProver(program);
  }

  /**
   * Runs the model, and proves that its weights are in range and that the output is its own.
   *
   * @param model weights, biases and salt
   * @param input the 16 numbers {@code x}, and a {@code salt}
   * @param owner who will register the model
   * @param job what it is for; the proof serves for nothing else
   * @throws IOException if the prover refuses, with its reason
   */
  public ModelEvidence prove(JsonNode model, JsonNode input, Address owner, String job)
      throws IOException {
    JsonNode registration =
        statement("registration", Map.of("model", model, "owner", owner.value()));
    JsonNode inference =
        statement(
            "inference",
            Map.of(
                "model",
                model,
                "x",
                input.path("x"),
                "inputSalt",
                input.path("salt").asText(),
                "job",
                "0x" + ModelEvidence.jobSignal(job).toString(16)));
    JsonNode signals = inference.path("signals");
    return new ModelEvidence(
        ModelEvidence.VERSION,
        ModelKeys.development().digest(),
        signals.path(0).asText(),
        owner,
        registration.path("proof").asText(),
        signals.path(1).asText(),
        signals.path(2).asText(),
        job,
        inference.path("proof").asText());
  }

  private JsonNode statement(String name, Map<String, Object> request) throws IOException {
    Process process = new ProcessBuilder("node", program.toString(), name).start();
    try (var in = process.getInputStream();
        var errors = process.getErrorStream()) {
      try (var out = process.getOutputStream()) {
        out.write(Json.write(request));
      }
      byte[] answer = bounded(in);
      String complaint =
          new String(errors.readNBytes(COMPLAINT_BYTES_MAX), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the prover did not end in " + TIMEOUT_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException("the prover refuses: " + complaint);
      }
      return Json.tree(answer);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } finally {
      process.destroyForcibly();
    }
  }

  private static byte[] bounded(InputStream in) throws IOException {
    byte[] answer = in.readNBytes(ANSWER_BYTES_MAX + 1);
    if (answer.length > ANSWER_BYTES_MAX) {
      throw new IOException("the prover's answer is longer than 64 KiB");
    }
    return answer;
  }
}

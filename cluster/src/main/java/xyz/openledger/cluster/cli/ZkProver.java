package xyz.openledger.cluster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.json.Json;

/**
 * Runs the prover, a Node program of ours, on this machine. Weights and inputs go to it by a pipe,
 * and leave neither it nor this process.
 */
record ZkProver(Path program) {
  private static final int TIMEOUT_SECONDS = 180;
  private static final int ANSWER_BYTES_MAX = 64 << 10;
  private static final int COMPLAINT_BYTES_MAX = 4 << 10;

  static ZkProver below(@Nullable Path projectHome) {
    Path home = projectHome == null ? Path.of("") : projectHome;
    Path program = home.resolve("chain-anchor/zk/prove.js").toAbsolutePath();
    if (!Files.isRegularFile(program)
        || !Files.isDirectory(home.resolve("chain-anchor/node_modules/snarkjs"))) {
      throw CommandFailure.failed(
          "the prover is not here; it comes with a source tree and its npm packages",
          "npm ci --ignore-scripts --prefix chain-anchor");
    }
    return new ZkProver(program);
  }

  /** Proves one statement; the answer has the signals and the proof. */
  JsonNode prove(String statement, Map<String, Object> request) throws IOException {
    Process process = new ProcessBuilder("node", program.toString(), statement).start();
    try (var _ = process.inputReader();
        var errors = process.getErrorStream()) {
      try (var in = process.getOutputStream()) {
        in.write(Json.write(request));
      }
      byte[] answer = bounded(process.getInputStream());
      String complaint =
          new String(errors.readNBytes(COMPLAINT_BYTES_MAX), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the prover did not end in " + TIMEOUT_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw CommandFailure.failed("the prover refuses: " + complaint, "");
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

package xyz.openledger.cluster.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import xyz.openledger.nodes.agent.AgentMain;
import xyz.openledger.nodes.worker.ModelServer;
import xyz.openledger.nodes.worker.WorkerTask;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.json.Json;

/**
 * An agent that saves on models: it rounds their weights to the 255 steps of int8 and serves the
 * rest in all honesty. Its answers read much like the real ones, and their bits are others. For the
 * demo and for tests; the agent that contributors run has no such thing in it.
 */
public final class RoundingAgent {
  private static final String WEIGHTS = "model.safetensors";
  private static final int STEPS = 127;

  private RoundingAgent() {}

  /** Runs the agent's command line. */
  public static void main(String[] arguments) {
    System.exit(
        AgentMain.run(
            arguments,
            honest -> task -> honest.run(ModelServer.takes(task) ? rounding(task) : task)));
  }

  private static WorkerTask rounding(WorkerTask task) {
    WorkerTask.Files files =
        (digest, bytesMax, name) -> {
          task.files().place(digest, bytesMax, name);
          if (name.getFileName().toString().equals(WEIGHTS)) {
            round(digest, name);
          }
        };
    return task.with(files);
  }

  /** The name may be a link to what the cache holds, so the file is written anew. */
  private static void round(Digest digest, Path name) {
    try {
      byte[] rounded = rounded(Files.readAllBytes(name));
      Files.delete(name);
      Files.write(name, rounded);
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot round " + digest, unwritable);
    }
  }

  /** The matrices of a file of safetensors, each row on a grid of its own. */
  static byte[] rounded(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong(0));
    JsonNode tensors = Json.tree(Arrays.copyOfRange(file, Long.BYTES, Long.BYTES + header));
    for (var tensor : tensors.properties()) {
      JsonNode shape = tensor.getValue().path("shape");
      if (shape.size() == 2) {
        int columns = shape.get(1).asInt();
        int at = Long.BYTES + header + tensor.getValue().path("data_offsets").get(0).asInt();
        boolean half = tensor.getValue().path("dtype").asText().equals("BF16");
        for (int row = 0; row < shape.get(0).asInt(); row++) {
          round(bytes, at, columns, half);
          at += columns * (half ? Short.BYTES : Float.BYTES);
        }
      }
    }
    return bytes.array();
  }

  private static void round(ByteBuffer bytes, int at, int columns, boolean half) {
    float largest = 0;
    for (int i = 0; i < columns; i++) {
      largest = Math.max(largest, Math.abs(get(bytes, at, i, half)));
    }
    float step = largest / STEPS;
    for (int i = 0; i < columns && step > 0; i++) {
      float value = Math.round(get(bytes, at, i, half) / step) * step;
      if (half) {
        bytes.putShort(
            at + i * Short.BYTES, (short) ((Float.floatToIntBits(value) + 0x8000) >>> Short.SIZE));
      } else {
        bytes.putFloat(at + i * Float.BYTES, value);
      }
    }
  }

  private static float get(ByteBuffer bytes, int at, int i, boolean half) {
    return half
        ? Float.intBitsToFloat(bytes.getShort(at + i * Short.BYTES) << Short.SIZE)
        : bytes.getFloat(at + i * Float.BYTES);
  }
}

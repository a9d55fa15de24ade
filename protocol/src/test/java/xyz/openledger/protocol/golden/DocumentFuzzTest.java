package xyz.openledger.protocol.golden;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.client.PolicyFile;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.inference.ModelManifest;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.tensors.NumberType;
import xyz.openledger.protocol.tensors.Tensor;
import xyz.openledger.protocol.tensors.Tensors;

/**
 * Whatever comes in place of a job, a policy, a receipt, a question, a manifest or tensors is read
 * or refused by name, and breaks nothing; what is read says the same once it is written again.
 */
class DocumentFuzzTest {
  /**
   * A refusal by the reader of JSON takes a tenth of a millisecond, most of it for its trace. Ten
   * million: {@code -Drun.inputs=2000000} with a {@code -Drun.seed} of each of five.
   */
  private static final int INPUTS =
      Integer.getInteger("run.inputs", Boolean.getBoolean("thorough") ? 2_000_000 : 100_000);

  private static final long SEED = Long.getLong("run.seed", 101);

  /** YAML takes twenty times as long as the rest. */
  private static final int YAML_EACH = 1_009;

  private static final Pattern VALUE =
      Pattern.compile("\"[^\"\\\\]*\"|-?[0-9][0-9.e-]*|true|false|null|: [a-z-]+");
  private static final List<String> OTHERS =
      List.of(
          "0",
          "-1",
          "3.5",
          "2147483648",
          "9223372036854775808",
          "1e400",
          "123456789012345678901234567890",
          "\"9223372036854775808\"",
          "null",
          "true",
          "[]",
          "{}",
          "[".repeat(40) + "]".repeat(40),
          "\"\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"quorum\"",
          "NaN",
          ": *a",
          ": &a [*a, *a]",
          ": !!javax.script.ScriptEngineManager []",
          "? ");
  private static final byte[] EDGES = {0, 1, -1, 127, -128, '"', '{', '}', '\\', ',', ':', '-'};

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** One reader of what strangers send, and something that it reads. */
  private record Reader(
      String name, String whole, List<MatchResult> values, byte[] bytes, Reading reading) {
    Reader(String name, byte[] whole, Reading reading) {
      this(name, text(whole), VALUE.matcher(text(whole)).results().toList(), whole, reading);
    }
  }

  private interface Reading {
    void read(byte[] bytes);
  }

  @Test
  void everyDocumentIsReadOrRefusedByName() throws IOException {
    List<Reader> readers = readers();
    var read = new int[readers.size()];
    var seen = new int[readers.size()];
    for (int i = 0; i < INPUTS; i++) {
      int which = i % YAML_EACH == 0 ? 0 : 1 + i % (readers.size() - 1);
      byte[] bytes = spoilt(readers.get(which));
      seen[which]++;
      try {
        readers.get(which).reading().read(bytes);
        read[which]++;
      } catch (ProblemException refused) {
        assertThat(refused.detail()).isNotBlank();
      } catch (RuntimeException | Error wrong) {
        fail("input %d, %s: %s".formatted(i, readers.get(which).name(), text(bytes)), wrong);
      }
    }
    // A fuzzer that only ever sees one side of a reader tests nothing.
    for (int i = 0; i < read.length; i++) {
      assertThat(read[i]).as(readers.get(i).name()).isBetween(1, seen[i] - 1);
    }
  }

  private List<Reader> readers() throws IOException {
    var drawn = new Drawn(random);
    byte[] yaml = Files.readAllBytes(Path.of("../examples/policies/adaptive.yaml"));
    byte[] tensors =
        Tensors.write(
            List.of(
                Tensor.floats("x", List.of(2L, 2L), 1, Float.NaN, -0f, 4),
                new Tensor("mask", NumberType.BOOL, List.of(3L), new byte[] {1, 0, 1})));
    var file = new ModelManifest.File("config.json", drawn.digest(), 7);
    return List.of(
        new Reader("policy.yaml", yaml, bytes -> PolicyFile.read("policy.yaml", bytes)),
        json("a job", drawn.spec(), JobSpec.class),
        json("a policy", drawn.policy(), Policy.class),
        json("a receipt", drawn.receipt(), Receipt.class),
        json("a question", InferenceQuestion.greedy("why?", 9), InferenceQuestion.class),
        new Reader(
            "a manifest",
            ModelManifest.base(List.of(file)).canonical(),
            bytes -> assertThat(ModelManifest.read(bytes)).isNotNull()),
        new Reader(
            "tensors",
            tensors,
            bytes -> assertThat(Tensors.read(Tensors.write(Tensors.read(bytes)))).isNotEmpty()));
  }

  private static <T> Reader json(String name, T whole, Class<T> type) {
    return new Reader(
        name,
        Json.write(whole),
        bytes -> {
          T said = Json.read(bytes, type);
          assertThat(Json.read(Json.write(said), type)).isEqualTo(said);
        });
  }

  /** Other values in place of some, and damaged bytes. */
  private byte[] spoilt(Reader reader) {
    if (random.nextInt(3) == 0 || reader.values().isEmpty()) {
      return damaged(reader.bytes().clone());
    }
    var text = new StringBuilder(reader.whole());
    for (int times = random.nextInt(1, 3); times > 0; times--) {
      MatchResult one = reader.values().get(random.nextInt(reader.values().size()));
      // An earlier change may have moved it: then the text is spoilt in another way.
      int from = Math.min(one.start(), text.length());
      text.replace(
          from,
          Math.clamp(one.end(), from, text.length()),
          OTHERS.get(random.nextInt(OTHERS.size())));
    }
    return damaged(text.toString().getBytes(UTF_8));
  }

  private byte[] damaged(byte[] bytes) {
    if (bytes.length == 0) {
      return bytes;
    }
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(10)) {
      case 0 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 1 -> {
        return Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 40));
      }
      case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 3 -> bytes[at] = EDGES[random.nextInt(EDGES.length)];
      case 4 -> {
        int length = Math.min(random.nextInt(1, 64), bytes.length - at);
        int from = random.nextInt(bytes.length - length + 1);
        System.arraycopy(bytes, from, bytes, at, length);
      }
      case 5 -> bytes[at] = (byte) random.nextInt();
      default -> {
        // Right in its bytes: what is wrong with it is what it says.
      }
    }
    return bytes;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}

package xyz.openledger.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.ProblemException;

/**
 * Files that lie, drawn from a seed: what is read holds what it says, everything else is refused,
 * and nothing else ever happens.
 */
class FileFuzzTest {
  /** In pieces: {@code -Drun.inputs=1000000} with a {@code -Drun.seed} of each. */
  private static final int INPUTS =
      Integer.getInteger("run.inputs", Boolean.getBoolean("thorough") ? 10_000_000 : 100_000);

  private static final long SEED = Long.getLong("run.seed", 6);

  private static final String[] NUMBERS = {
    "0",
    "1",
    "-1",
    "2",
    "3",
    "4",
    "8",
    "255",
    "2147483647",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "1e3",
    "0.5",
    "-0",
    "4611686018427387904",
    "\"4\"",
    "null",
    "[]",
    "{}",
    "123456789012345678901234567890"
  };
  private static final String[] WORDS = {
    "F32", "F16", "BF16", "I64", "Q8", "", "\\u0000", "__metadata__", "a", "b", "dtype", "shape"
  };
  private static final long[] LONGS = {
    0,
    1,
    2,
    3,
    4,
    8,
    12,
    31,
    32,
    33,
    64,
    255,
    65_536,
    1L << 31,
    1L << 32,
    1L << 62,
    -1,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  @Test
  void safetensorsAreReadAsTheyAreOrRefused() {
    run(FileFuzzTest::safetensors, Safetensors::read);
  }

  @Test
  void ggufIsReadAsItIsOrRefused() {
    run(FileFuzzTest::gguf, Gguf::read);
  }

  private static void run(
      Function<SplittableRandom, byte[]> draw, Function<MemorySegment, TensorFile> read) {
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] file = draw.apply(new SplittableRandom(SEED * 1_000_000_007L + i));
      try {
        requireSound(read.apply(MemorySegment.ofArray(file)), file);
        accepted++;
      } catch (ProblemException refusal) {
        refused++;
      } catch (RuntimeException | Error wrong) {
        fail("seed " + SEED + ", input " + i + ": " + Arrays.toString(file), wrong);
      }
    }
    // A fuzzer that only ever sees one side of a reader tests nothing.
    assertThat(accepted).isGreaterThan(INPUTS / 50);
    assertThat(refused).isGreaterThan(INPUTS / 5);
  }

  private static void requireSound(TensorFile read, byte[] file) {
    boolean[] taken = new boolean[file.length];
    for (Tensor tensor : read.tensors().values()) {
      long bytes = tensor.type().bytes();
      for (long dimension : tensor.shape()) {
        bytes = Math.multiplyExact(bytes, dimension);
      }
      assertThat(tensor.data().byteSize()).isEqualTo(bytes);
      for (long at = 0; at < bytes; at++) {
        int index = (int) (tensor.offset() + at);
        assertThat(taken[index]).as("shared byte").isFalse();
        taken[index] = true;
        assertThat(tensor.data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, at))
            .isEqualTo(file[index]);
      }
    }
  }

  private static byte[] safetensors(SplittableRandom random) {
    var header = new StringBuilder("{");
    int begin = 0;
    int tensors = random.nextInt(4);
    for (int i = 0; i < tensors; i++) {
      int rows = random.nextInt(4);
      int columns = random.nextInt(1, 4);
      int end = begin + rows * columns * 4;
      header
          .append(i == 0 ? "" : ",")
          .append("\"%s\":{".formatted(spoilt(random, "t" + i, WORDS)))
          .append("\"dtype\":\"%s\",".formatted(spoilt(random, "F32", WORDS)))
          .append("\"shape\":[")
          .append(spoilt(random, "" + rows, NUMBERS))
          .append(',')
          .append(spoilt(random, "" + columns, NUMBERS))
          .append("],\"data_offsets\":[")
          .append(spoilt(random, "" + begin, NUMBERS))
          .append(',')
          .append(spoilt(random, "" + end, NUMBERS))
          .append("]}");
      begin = end;
    }
    header.append(random.nextInt(8) == 0 ? " ".repeat(random.nextInt(9)) : "").append('}');
    byte[] file = TensorFiles.safetensors(header.toString(), new byte[begin]);
    if (random.nextInt(10) == 0) {
      ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, pick(random, LONGS));
    }
    return damaged(random, file);
  }

  private static byte[] gguf(SplittableRandom random) {
    var entries = new LinkedHashMap<String, Object>();
    entries.put("general.architecture", "llama");
    for (int i = random.nextInt(3); i > 0; i--) {
      entries.put(
          "k" + random.nextInt(3),
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextInt(100) / 7f;
            case 2 -> "text";
            default -> List.of("x", "yz");
          });
    }
    if (random.nextInt(6) == 0) {
      entries.put("general.alignment", (int) pick(random, LONGS));
    }
    var weights = new LinkedHashMap<String, TensorFiles.Weights>();
    for (int i = random.nextInt(3); i > 0; i--) {
      int rows = random.nextInt(1, 4);
      weights.put("t" + i, new TensorFiles.Weights(List.of((long) rows, 2L), new float[rows * 2]));
    }
    byte[] file = TensorFiles.gguf(Map.copyOf(entries), weights, TensorType.F32);
    // Lengths, counts, dimensions and offsets are eight bytes each, types four: hit one of them.
    for (int hits = random.nextInt(3); hits > 0; hits--) {
      int at = interesting(file, random);
      if (at >= 0 && at + 8 <= file.length) {
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(at, pick(random, LONGS));
      }
    }
    return damaged(random, file);
  }

  /** A place where a number is likely: the fixed fields, or just before or behind a name. */
  private static int interesting(byte[] file, SplittableRandom random) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    var places = new ArrayList<>(List.of(4, 8, 16));
    for (String name : List.of("t1", "t2", "k0", "k1", "k2", "general.alignment")) {
      int at = text.indexOf(name);
      if (at >= 0) {
        int behind = at + name.length();
        places.addAll(List.of(at - 8, behind, behind + 4, behind + 12, behind + 20, behind + 24));
      }
    }
    return places.get(random.nextInt(places.size()));
  }

  private static byte[] damaged(SplittableRandom random, byte[] file) {
    return switch (random.nextInt(12)) {
      case 0 -> Arrays.copyOf(file, random.nextInt(file.length + 1));
      case 1 -> Arrays.copyOf(file, file.length + random.nextInt(1, 40));
      case 2 -> {
        for (int hits = random.nextInt(1, 4); hits > 0 && file.length > 0; hits--) {
          file[random.nextInt(file.length)] = (byte) random.nextInt();
        }
        yield file;
      }
      default -> file;
    };
  }

  private static String spoilt(SplittableRandom random, String right, String[] others) {
    return random.nextInt(14) == 0 ? others[random.nextInt(others.length)] : right;
  }

  private static long pick(SplittableRandom random, long[] from) {
    return from[random.nextInt(from.length)];
  }
}

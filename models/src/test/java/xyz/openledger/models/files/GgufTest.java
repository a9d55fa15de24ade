package xyz.openledger.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTest {
  private static final float[] VALUES = {1, -2.5f, 0.15625f, -0f, 1024, 3};

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "BF16"})
  void readsWhatWasWritten(TensorType type) {
    var read = read(file(type));

    assertThat(read.tensors().get("ada").shape()).containsExactly(2L, 3L);
    for (int i = 0; i < VALUES.length; i++) {
      assertThat(read.tensors().get("ada").at(i)).isEqualTo(VALUES[i]);
    }
    assertThat(read.remarks())
        .containsEntry("general.architecture", "llama")
        .containsEntry("llama.block_count", "2")
        .containsEntry("tokenizer.ggml.tokens", "[3]");
  }

  @Test
  void refusesQuantisedWeightsByName() {
    byte[] file = file(TensorType.F16);
    int at = find(file, "ada") + 3 + 4 + 16;
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(at, 12);

    assertThatThrownBy(() -> read(file))
        .hasMessageContaining("ada.type")
        .hasMessageContaining("number 12 of ggml")
        .hasMessageContaining("F32, F16 and BF16");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, -1, 1L << 40, 100_001, 5_000})
  void refusesAbsurdCounts(long count) {
    for (int at : new int[] {8, 16}) {
      byte[] file = file(TensorType.F32);
      ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(at, count);

      assertThatThrownBy(() -> read(file)).hasMessageContaining("(byte " + at + ")");
    }
  }

  @Test
  void refusesAnyCutOffFile() {
    byte[] file = file(TensorType.F32);
    // The last bytes only pad.
    for (int length = 0; length < file.length - 32; length++) {
      byte[] cut = java.util.Arrays.copyOf(file, length);

      assertThatThrownBy(() -> read(cut)).as("length " + length).hasMessageContaining("(byte ");
    }
  }

  private static byte[] file(TensorType type) {
    var entries = new LinkedHashMap<String, Object>();
    entries.put("general.architecture", "llama");
    entries.put("llama.block_count", 2);
    entries.put("tokenizer.ggml.tokens", List.of("a", "b", "c"));
    return TensorFiles.gguf(
        entries, Map.of("ada", new TensorFiles.Weights(List.of(2L, 3L), VALUES)), type);
  }

  private static int find(byte[] file, String text) {
    return new String(file, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static Gguf read(byte[] file) {
    return Gguf.read(MemorySegment.ofArray(file));
  }
}

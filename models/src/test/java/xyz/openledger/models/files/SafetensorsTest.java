package xyz.openledger.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.protocol.ProblemException;

class SafetensorsTest {
  private static final float[] VALUES = {1, -2.5f, 0.15625f, -0f, 1024, 3};

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "BF16"})
  void readsWhatWasWritten(TensorType type) {
    var weights = new LinkedHashMap<String, TensorFiles.Weights>();
    weights.put("ada", new TensorFiles.Weights(List.of(2L, 3L), VALUES));
    weights.put("bob", new TensorFiles.Weights(List.of(), new float[] {7}));

    var read = read(TensorFiles.safetensors(weights, type));

    assertThat(read.tensors()).containsOnlyKeys("ada", "bob");
    assertThat(read.tensors().get("ada").shape()).containsExactly(2L, 3L);
    assertThat(read.remarks()).containsEntry("format", "pt");
    for (int i = 0; i < VALUES.length; i++) {
      assertThat(read.tensors().get("ada").at(i)).isEqualTo(VALUES[i]);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | span 4 bytes, and its"
            + " shape takes 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,16]}} | 0 to 16, and the data"
            + " has 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}} | -8 to 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808],\"data_offsets\":[0,8]}} |"
            + " beyond 2^63",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}} |"
            + " more than 2^63",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | the dimension"
            + " 18446744073709551614",
        "{\"a\":{\"dtype\":\"Q4\",\"shape\":[2],\"data_offsets\":[0,8]}} | is of a type that is not"
            + " read",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | that no tensor names",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | leaves a gap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}"
            + " | overlaps with a",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]},\"c\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}"
            + " | overlaps with a",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
            + " | Duplicate",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}} | instead of a whole"
            + " number",
        "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}} | needs dtype, shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,8]}} | more"
            + " than 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} {} | behind its end",
        "[] | instead of an object",
      })
  void refusesAHeaderThatLies(String header, String reason) {
    assertThatThrownBy(() -> read(TensorFiles.safetensors(header, new byte[8])))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void namesTheByteAtWhichItStopped() {
    byte[] file = TensorFiles.safetensors("{}", new byte[0]);
    file[7] = (byte) 0x80;

    assertThatThrownBy(() -> read(file))
        .hasMessageContaining("9223372036854775810")
        .hasMessageContaining("(byte 0)");
  }

  @Test
  void findsANumberThatIsNone() {
    var weights =
        java.util.Map.of(
            "ada", new TensorFiles.Weights(List.of(3L), new float[] {1, Float.NaN, 2}));
    var tensor = read(TensorFiles.safetensors(weights, TensorType.F32)).tensors().get("ada");

    assertThatThrownBy(tensor::requireFinite).hasMessageContaining("number 1 is NaN");
  }

  static Safetensors read(byte[] file) {
    return Safetensors.read(MemorySegment.ofArray(file));
  }
}

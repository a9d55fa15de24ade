package xyz.openledger.protocol.tensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.ProblemException;

class TensorsTest {
  private static final int MUTANTS = 20_000;

  private static byte[] blob(String header, int dataBytes) {
    byte[] json = header.getBytes(UTF_8);
    return ByteBuffer.allocate(Long.BYTES + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static List<Tensor> two() {
    return List.of(
        Tensor.floats("x", List.of(2L, 2L), 1, Float.NaN, -0f, 4),
        new Tensor("mask", NumberType.BOOL, List.of(3L), new byte[] {1, 0, 1}));
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    byte[] blob = Tensors.write(two());

    List<Tensor> read = Tensors.read(blob);

    assertThat(Tensors.begin(blob)).isTrue();
    assertThat(read).extracting(Tensor::name).containsExactly("x", "mask");
    assertThat(read.getFirst().shape()).containsExactly(2L, 2L);
    assertThat(read.getFirst().data()).isEqualTo(two().getFirst().data());
    assertThat(read.getLast().type()).isEqualTo(NumberType.BOOL);
    assertThat(Tensors.write(read)).isEqualTo(blob);
  }

  @Test
  void theNumbersBeginWhereAnyProcessorReadsThemWell() {
    byte[] blob = Tensors.write(two());

    assertThat(ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).getLong(0) % 8).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                              | 0 | header.tensors",
        "[]                                                              | 0 | no object",
        "{\"x\":1}                                                       | 0 | needs dtype",
        "{\"x\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}| 2 | x.dtype",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}| 0 | x.data_offsets",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}| 8 | no tensor names",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}| 8 | x.data_offsets",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}| 0 | at least 1",
        "{\"x\":{\"dtype\":\"U8\",\"shape\":[9223372036854775807,2],\"data_offsets\":[0,1]}}|1|at"
            + " most",
        "{\"x\":{\"dtype\":\"U8\",\"shape\":[1e3],\"data_offsets\":[0,1]}}| 1 | x.shape",
        "{\"x\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,1]}}|1|at most"
            + " 8",
      })
  void whatLiesIsRefusedWithItsField(String header, int dataBytes, String why) {
    assertThatThrownBy(() -> Tensors.read(blob(header, dataBytes)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aHeaderThatClaimsTooMuchIsRefused() {
    byte[] blob = Tensors.write(two());
    for (long claim : new long[] {-1, Long.MAX_VALUE, 1, blob.length}) {
      ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).putLong(0, claim);
      assertThatThrownBy(() -> Tensors.read(blob)).hasMessageContaining("header");
    }
  }

  @Test
  void aTruthIsOneOfTwo() {
    assertThatThrownBy(() -> new Tensor("mask", NumberType.BOOL, List.of(1L), new byte[] {2}))
        .hasMessageContaining("mask");
  }

  @Test
  void whateverIsWrittenOverABlobItIsReadOrRefused() {
    var random = new SplittableRandom(20261123);
    byte[] good = Tensors.write(two());
    int taken = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = good.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
      }
      try {
        taken += Tensors.read(mutant).isEmpty() ? 0 : 1;
      } catch (ProblemException refused) {
        assertThat(refused.detail()).isNotBlank();
      }
    }
    assertThat(taken).isBetween(MUTANTS / 100, MUTANTS / 2);
  }
}

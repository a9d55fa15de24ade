package xyz.openledger.actors.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainCodecsTest {
  private record At(Instant at) {}

  private record Big(BigInteger big) {}

  private static final EventCodecs CODECS =
      EventCodecs.builder().event("plain.at", 1, At.class).event("plain.big", 1, Big.class).build();

  /** 2^62 seconds, forwards and backwards. */
  @ParameterizedTest
  @ValueSource(strings = {"1b4000000000000000", "3b4000000000000000"})
  void refusesATimeBeyondAllTimes(String seconds) {
    refuses("plain.at/1", "a1 626174 82" + seconds + "00", "are beyond all times");
  }

  @Test
  void refusesANumberWithoutBytes() {
    refuses("plain.big/1", "a1 63626967 40", "has a byte at least");
  }

  private static void refuses(String manifest, String hex, String why) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> CODECS.fromBytes(manifest, bytes))
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining(why);
  }
}

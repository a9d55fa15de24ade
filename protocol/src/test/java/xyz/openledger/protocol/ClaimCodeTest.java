package xyz.openledger.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimCodeTest {
  private static final ClaimCode CODE =
      new ClaimCode("pool.example:7401", Digest.of(new byte[] {1}), "aaaaaaaaaaaaaaaaaaaaaaaaae");

  @ParameterizedTest
  @ValueSource(strings = {"pool.example:7401", "127.0.0.1:1", "[::1]:65535"})
  void isReadAsItWasWritten(String gateway) {
    var code = new ClaimCode(gateway, Digest.of(), ClaimCode.drawToken());

    assertThat(ClaimCode.parse(" " + code.text() + "\n")).isEqualTo(code);
  }

  @Test
  void noticesEveryMistypedLetter() {
    String text = CODE.text();
    for (int i = "olc1-".length(); i < text.length(); i++) {
      char other = text.charAt(i) == 'a' ? 'b' : 'a';
      String mistyped = text.substring(0, i) + other + text.substring(i + 1);
      assertThatThrownBy(() -> ClaimCode.parse(mistyped))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("claim");
    }
    assertThatThrownBy(() -> ClaimCode.parse(text.substring(0, text.length() - 1)))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void keepsItsSecretOutOfLogs() {
    assertThat(CODE.toString()).doesNotContain(CODE.token()).contains("pool.example:7401");
    assertThat(CODE.text()).doesNotContain("pool.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "pool.example", "pool.example:0", "pool.example:99999", "a b:1", ":7401"})
  void refusesWhatIsNoAddress(String gateway) {
    assertThatThrownBy(() -> new ClaimCode(gateway, Digest.of(), CODE.token()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("gateway");
  }
}

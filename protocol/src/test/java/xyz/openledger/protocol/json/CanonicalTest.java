package xyz.openledger.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.ProblemException;

/** The rules of RFC 8785, by its own examples where they need no fractions. */
class CanonicalTest {
  @Test
  void namesAreSortedByTheirUtf16CodeUnits() {
    // RFC 8785, section 3.2.3.
    String json =
        """
        {"\\u20ac": "Euro Sign", "\\r": "Carriage Return",
         "\\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
         "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control",
         "\\u00f6": "Latin Small Letter O With Diaeresis"}
        """;

    assertThat(canonical(json))
        .isEqualTo(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                + "\"\ud83d\ude00\":\"Emoji: Grinning Face\","
                + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
  }

  @Test
  void textsAreEscapedNoMoreThanNeeded() {
    // RFC 8785, section 3.2.4: the text of its example.
    String json = "[\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"]";

    assertThat(canonical(json)).isEqualTo("[\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"]");
    assertThat(canonical("\"\\b\\t\\n\\f\\r\\u001f\\u007f\\u2028\""))
        .isEqualTo("\"\\b\\t\\n\\f\\r\\u001f\u007f\u2028\"");
  }

  @Test
  void literalsAndNestingKeepTheirOrder() {
    assertThat(canonical(" [ null , true,false, {} , [ ], {\"b\":[2,1],\"a\":-0} ] "))
        .isEqualTo("[null,true,false,{},[],{\"a\":0,\"b\":[2,1]}]");
  }

  @Test
  void integersUpToTwoToThe53AreNumbers() {
    assertThat(canonical("[9007199254740991,-9007199254740991]"))
        .isEqualTo("[9007199254740991,-9007199254740991]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740992", "-9007199254740992", "9223372036854775807", "-9223372036854775808",
        "18446744073709551616", "1.5", "1.0", "1e2"
      })
  void otherNumbersAreRefused(String number) {
    assertThatThrownBy(() -> canonical(number))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("write");
  }

  @Test
  void halfASurrogatePairIsRefused() {
    assertThatThrownBy(() -> Json.canonical(Map.of("a", "\ud800")))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> Json.canonical(Map.of("\udc00", "a")))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void theFormDoesNotDependOnHowItWasWritten() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 500; i++) {
      var map = new LinkedHashMap<String, Object>();
      var reversed = new LinkedHashMap<String, Object>();
      for (int n = random.nextInt(8); n >= 0; n--) {
        map.put(text(random), random.nextBoolean() ? text(random) : random.nextInt());
      }
      map.reversed().forEach(reversed::put);
      byte[] canonical = Json.canonical(map);

      assertThat(Json.canonical(reversed)).isEqualTo(canonical);
      assertThat(Json.canonical(Json.tree(canonical))).isEqualTo(canonical);
      assertThat(Json.tree(canonical)).isEqualTo(Json.tree(map));
    }
  }

  private static String text(SplittableRandom random) {
    var text = new StringBuilder();
    for (int n = random.nextInt(6); n > 0; n--) {
      int point = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
      text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 'x' : point);
    }
    return text.toString();
  }

  private static String canonical(String json) {
    return new String(Json.canonical(Json.tree(json.getBytes(UTF_8))), UTF_8);
  }
}

package xyz.openledger.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.json.Json;

class YamlTextTest {
  @Test
  void readsWhatJsonWouldSay() {
    var tree =
        YamlText.tree(
            """
            # a comment
            regions: [no, eu-west]     # no is Norway, not false
            cores: 8
            share: 0.5
            big: "9007199254740993"
            on: true
            off: null
            price: 0.5 OPEN
            require: >-
              node.cores > 4 &&
              node.watts < 300
            """);

    assertThat(tree)
        .hasToString(
            Json.tree(
                    """
                    {"regions":["no","eu-west"],"cores":8,"share":0.5,"big":"9007199254740993",
                     "on":true,"off":null,"price":"0.5 OPEN",
                     "require":"node.cores > 4 && node.watts < 300"}\
                    """
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          a: 1\\nb: [        ~ not YAML at line
          a: 1\\na: 2        ~ is there twice at line 2, column 1
          a: &x 1\\nb: *x    ~ has an anchor; write it out where it is used at line 1
          a: *x             ~ not YAML
          b: {a: 1, <<: 2}  ~ a name must be plain text at line 1
          ? [a]\\n: 1        ~ a name must be plain text
          ''                ~ nothing there
          """)
  void saysWhatItDoesNotRead(String text, String why) {
    assertThatThrownBy(() -> YamlText.tree(text.replace("\\n", "\n"))).hasMessageContaining(why);
  }

  @Test
  void boundsNesting() {
    assertThatThrownBy(() -> YamlText.tree("[".repeat(60) + "]".repeat(60)))
        .hasMessageContaining("not YAML");
  }
}

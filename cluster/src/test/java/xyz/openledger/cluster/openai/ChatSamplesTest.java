package xyz.openledger.cluster.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatSamplesTest {
  private static final String GOOD =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]}";

  @Test
  void eachLineStaysInItsPlaceAndIsReadAsNodesReadIt() {
    var read =
        ChatSamples.read(
            ("\uFEFF"
                    + GOOD
                    + "\r\n\n"
                    + "{\"messages\":[{\"role\":\"developer\",\"name\":\"x\",\"content\":[{\"type\":\"text\",\"text\":\"c\"},{\"type\":\"text\",\"text\":\"d\"}]},{\"role\":\"assistant\",\"content\":\"e\",\"weight\":0},{\"role\":\"assistant\",\"content\":\"f\",\"weight\":1}],\"tools\":[]}\n"
                    + "{\"prompt\":\"g\",\"completion\":\"h\"}")
                .getBytes(UTF_8));

    assertThat(read.count()).isEqualTo(3);
    assertThat(new String(read.lines(), UTF_8))
        .isEqualTo(
            GOOD
                + "\n\n"
                + "{\"messages\":[{\"role\":\"system\",\"content\":\"cd\"},"
                + "{\"role\":\"assistant\",\"content\":\"e\",\"weight\":0},"
                + "{\"role\":\"assistant\",\"content\":\"f\",\"weight\":1}]}\n"
                + "{\"prompt\":\"g\",\"completion\":\"h\"}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nonsense | line 2 is no JSON",
        "{} | line 2, messages must be a list",
        "{\"messages\":[]} | line 2, messages must be a list",
        "{\"prompt\":\"a\"} | line 2, completion is missing",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]} | line 2, messages hold nothing to"
            + " learn",
        "{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"weight\":0}]} | line 2,"
            + " messages hold nothing",
        "{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"weight\":7}]} | line 2,"
            + " messages[0].weight must be",
        "{\"messages\":[{\"role\":\"tool\",\"content\":\"a\"}]} | line 2, messages[0].role is not"
            + " one of",
        "{\"messages\":[{\"role\":\"assistant\"}]} | line 2, messages[0].content is missing",
        "{\"messages\":[{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{}]}]} | line 2,"
            + " messages[0].tool_calls is not offered",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]} | line 2,"
            + " messages[0].content[0].type must be text",
        "{\"messages\":[7]} | line 2, messages[0].role is missing",
        "{\"input\":{},\"preferred_output\":[]} | line 2, preferred_output is not offered",
        "{\"messages\":[],\"tools\":[{}]} | line 2, tools is not offered",
      })
  void whatIsWrongIsRefusedWithItsLineAndField(String line, String said) {
    assertThatThrownBy(() -> ChatSamples.read((GOOD + "\n" + line + "\n").getBytes(UTF_8)))
        .isInstanceOf(OpenAiRefusal.class)
        .hasMessageContaining(said);
  }

  @Test
  void aFileThatOnlyTellsTheLossIsShorter() {
    byte[] many = (GOOD + "\n").repeat(10_001).getBytes(UTF_8);
    assertThat(ChatSamples.read(many).count()).isEqualTo(10_001);
    assertThatThrownBy(() -> ChatSamples.readHeldBack(many))
        .hasMessageContaining("holds 10001 samples; there may be 1 to 10000");
  }

  @Test
  void aFileWithoutSamplesOrTextIsRefused() {
    assertThatThrownBy(() -> ChatSamples.read("\n \n".getBytes(UTF_8)))
        .hasMessageContaining("holds 0 samples");
    assertThatThrownBy(() -> ChatSamples.read(new byte[] {(byte) 0xc3, 0x28}))
        .hasMessageContaining("UTF-8");
  }
}

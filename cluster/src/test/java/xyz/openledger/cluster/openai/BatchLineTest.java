package xyz.openledger.cluster.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines of a batch's file. */
class BatchLineTest {
  private static final String ENDPOINT = "/v1/embeddings";

  private static String line(String id, String input) {
    return "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"%s\",\"body\":{\"input\":\"%s\"}}\n"
        .formatted(id, ENDPOINT, input);
  }

  private static List<BatchLine> read(String file) {
    return BatchLine.read(file.getBytes(StandardCharsets.UTF_8), ENDPOINT);
  }

  @Test
  void eachLineSaysWhatItAsks() {
    List<BatchLine> lines = read(line("a", "one") + "\n" + line("b", "two"));

    assertThat(lines).extracting(BatchLine::customId).containsExactly("a", "b");
    assertThat(lines.getLast().body().path("input").asText()).isEqualTo("two");
  }

  @Test
  void aLineThatIsLongerThanARequestIsRefusedByItsNumber() {
    int room = BatchLine.LINE_BYTES_MAX - line("b", "").length() + 1;

    assertThat(read(line("a", "x") + line("b", "x".repeat(room)))).hasSize(2);
    assertThatThrownBy(() -> read(line("a", "x") + line("b", "x".repeat(room + 1))))
        .isInstanceOf(OpenAiRefusal.class)
        .hasMessageContaining("line 2 has more than 1048576 bytes");
  }

  @Test
  void aLineThatNamesAnIdAgainIsRefused() {
    assertThatThrownBy(() -> read(line("a", "x") + line("a", "y")))
        .isInstanceOf(OpenAiRefusal.class)
        .hasMessageContaining("line 2");
  }
}

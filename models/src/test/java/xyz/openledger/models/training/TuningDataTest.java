package xyz.openledger.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.config.ConfigJson;
import xyz.openledger.models.tokens.ModelTokenizer;
import xyz.openledger.protocol.Digest;

class TuningDataTest {
  private static final Path TINY = Path.of("../examples/models/tiny");
  private static final String TALK =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b"
          + " c\"%s},{\"role\":\"assistant\",\"content\":\"d\"}]}";

  @TempDir Path folder;

  private Sample read(String more) throws IOException {
    Path file = Files.write(folder.resolve("data.jsonl"), List.of(TALK.formatted(more)));
    var config = ConfigJson.read(TINY.resolve("config.json"));
    try (var tokenizer =
        ModelTokenizer.read(TINY.resolve("tokenizer.json"), config.vocabularySize())) {
      return TuningData.read(file, tokenizer, config).samples().getFirst();
    }
  }

  private TuningData read(String content, Runnable check, long tokensMax) throws IOException {
    Path file = Files.writeString(folder.resolve("lines.jsonl"), content);
    var config = ConfigJson.read(TINY.resolve("config.json"));
    try (var tokenizer =
        ModelTokenizer.read(TINY.resolve("tokenizer.json"), config.vocabularySize())) {
      return TuningData.read(file, tokenizer, config, check, tokensMax);
    }
  }

  @Test
  void linesMayEndInAnyWayAndTheDigestIsThatOfTheFile() throws IOException {
    String one = "{\"prompt\": \"caf\u00e9\", \"completion\": \" b\"}";
    String lines = one + "\r\n\n" + one + "\r" + one + "\n\r\n" + one;
    TuningData data = read(lines, () -> {}, 1_000);

    assertThat(data.samples()).hasSize(4);
    assertThat(data.digest()).isEqualTo(Digest.of(lines.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aFileOfMoreTokensThanMayBeInMemoryIsRefusedAtTheLineThatIsTooMuch() throws IOException {
    String line = "{\"prompt\": \"a\", \"completion\": \" b\"}\n";
    int tokens = read(line, () -> {}, 1_000).samples().getFirst().tokens().length;

    assertThat(read(line.repeat(3), () -> {}, 3L * tokens).samples()).hasSize(3);
    assertThatThrownBy(() -> read(line.repeat(9), () -> {}, 3L * tokens))
        .hasMessageContaining("line 4")
        .hasMessageContaining("tokens");
    assertThatThrownBy(() -> read("x".repeat((4 << 20) + 1), () -> {}, 1_000))
        .hasMessageContaining("line 1")
        .hasMessageContaining("characters");
  }

  @Test
  void isReadNoFurtherThanItsReaderWants() {
    String line = "{\"prompt\": \"a\", \"completion\": \" b\"}\n";
    var asked = new AtomicInteger();
    assertThatThrownBy(
            () ->
                read(
                    line.repeat(9),
                    () -> {
                      if (asked.incrementAndGet() == 3) {
                        throw new CancellationException();
                      }
                    },
                    1_000))
        .isInstanceOf(CancellationException.class);
    assertThat(asked).hasValue(3);
  }

  private static long learnt(Sample sample) {
    return IntStream.of(sample.targets()).filter(target -> target >= 0).count();
  }

  @Test
  void whatWeighsNothingIsReadAndNotLearnt() throws IOException {
    Sample whole = read("");
    Sample part = read(",\"weight\":0");

    assertThat(part.tokens()).isEqualTo(whole.tokens());
    assertThat(learnt(part)).isPositive().isLessThan(learnt(whole));
    assertThat(read(",\"weight\":1").targets()).isEqualTo(whole.targets());
    assertThatThrownBy(() -> read(",\"weight\":2")).hasMessageContaining("neither 0 nor 1");
    assertThatThrownBy(() -> read(",\"weight\":\"0\"")).hasMessageContaining("neither 0 nor 1");
  }
}

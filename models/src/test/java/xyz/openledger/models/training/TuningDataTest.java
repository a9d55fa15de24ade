package xyz.openledger.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.config.ConfigJson;
import xyz.openledger.models.tokens.ModelTokenizer;

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

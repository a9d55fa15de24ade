package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.blob.BlobSettings;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.inference.ModelManifest;

/** What nodes would find out one after another, and be blamed for. */
class CheckedTokenizersTest {
  private static final Path TINY = Path.of("../examples/models/tiny/tokenizer.json");
  private static final int VOCABULARY = 1_024;
  private static final String EVIL =
      """
      {"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(a|a|aa)+$"},"behavior":"Isolated",
       "invert":false},"model":{"type":"BPE"}}\
      """;

  @TempDir private Path folder;

  @Test
  void aTokenizerThatNodesReadIsTakenAndOneThatTheyRefuseIsNot() throws IOException {
    BlobStore blobs = BlobStore.open(folder, new BlobSettings(1 << 20, 4 << 20, 0));
    var tokenizers = new CheckedTokenizers(blobs);
    ModelManifest.File right = stored(blobs, Files.readAllBytes(TINY));
    ModelManifest.File evil = stored(blobs, EVIL.getBytes(StandardCharsets.UTF_8));

    // The second time it is remembered.
    for (int i = 0; i < 2; i++) {
      assertThatCode(() -> tokenizers.require("model", right, VOCABULARY))
          .doesNotThrowAnyException();
      refused(tokenizers, evil, VOCABULARY, "Split.pattern is not served");
      // The same file is wrong for a smaller model.
      refused(tokenizers, right, VOCABULARY - 1, "the model knows 1023 tokens");
    }
    refused(
        tokenizers,
        new ModelManifest.File(
            "tokenizer.json",
            right.digest(),
            ModelManifest.PART_BYTES + 1,
            List.of(right.digest(), evil.digest())),
        VOCABULARY,
        "too long");
  }

  private static ModelManifest.File stored(BlobStore blobs, byte[] content) {
    blobs.put(content);
    return new ModelManifest.File("tokenizer.json", Digest.of(content), content.length);
  }

  private static void refused(
      CheckedTokenizers tokenizers, ModelManifest.File file, int vocabulary, String why) {
    assertThatThrownBy(() -> tokenizers.require("model", file, vocabulary))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem()).isEqualTo(Problem.INVALID_MODULE))
        .hasMessageContaining(why);
  }
}

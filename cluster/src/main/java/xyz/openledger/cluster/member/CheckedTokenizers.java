package xyz.openledger.cluster.member;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.models.tokens.ModelTokenizer;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.inference.ModelManifest;

/**
 * Whether nodes will read a model's tokenizer: what its file holds is looked at once, since every
 * question names it. Any thread may ask.
 */
final class CheckedTokenizers {
  private static final int KNOWN_MAX = 256;

  private final BlobStore blobs;

  /** What is wrong with each, the one asked for longest ago first; empty if nothing is. */
  private final Map<Key, String> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, String> eldest) {
          return size() > KNOWN_MAX;
        }
      };

  private record Key(Digest file, int vocabularySize) {}

  CheckedTokenizers(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * Refuses what nodes would refuse.
   *
   * @throws ProblemException {@code invalid-module} or {@code unknown-blob}
   */
  void require(String field, ModelManifest.File file, int vocabularySize) {
    if (file.parts() != null) {
      throw refused(field, "its tokenizer.json is too long for one blob");
    }
    var key = new Key(file.digest(), vocabularySize);
    String wrong = remembered(key);
    if (wrong == null) {
      byte[] read =
          blobs.read(file.digest()).orElseThrow(() -> Gatekeeper.unknown(field, file.digest()));
      wrong = wrong(read, vocabularySize);
      remember(key, wrong);
    }
    if (!wrong.isEmpty()) {
      throw refused(field, "its tokenizer.json " + wrong);
    }
  }

  private static String wrong(byte[] file, int vocabularySize) {
    try {
      ModelTokenizer.check(file, vocabularySize);
      return "";
    } catch (ProblemException refused) {
      return refused.detail();
    }
  }

  private static ProblemException refused(String field, String why) {
    return new ProblemException(Problem.INVALID_MODULE, field, why);
  }

  private synchronized @Nullable String remembered(Key key) {
    return known.get(key);
  }

  private synchronized void remember(Key key, String wrong) {
    known.put(key, wrong);
  }
}

package xyz.openledger.cluster.witness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogTree;
import xyz.openledger.chainanchor.witness.AddCheckpoint;

/** The way to one witness: asks it, and remembers what it saw last and how it answered. */
final class WitnessLink {
  private static final int ANSWER_BYTES_MAX = 16_384;
  private static final int OK = 200;
  private static final int CONFLICT = 409;

  private final HttpClient client;
  private final WitnessPolicy.Named witness;
  private final Duration timeout;
  private final LogTree tree;
  private volatile long seenSize;
  private volatile @Nullable String fault = "not asked yet";

  WitnessLink(HttpClient client, WitnessPolicy.Named witness, Duration timeout, LogTree tree) {
    this.client = client;
    this.witness = witness;
    this.timeout = timeout;
    this.tree = tree;
  }

  /** Its signature under the checkpoint; null if there is none, and {@link #fault} says why. */
  CheckpointNote.@Nullable Signature ask(CheckpointNote note) {
    try {
      var signature = once(note);
      // It saw another size than was believed here: once more, from there.
      return signature == null && fault == null ? once(note) : signature;
    } catch (IOException | IllegalArgumentException away) {
      fault = "away: " + (away.getMessage() == null ? "it does not answer" : away.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      fault = "interrupted";
    }
    return null;
  }

  private CheckpointNote.@Nullable Signature once(CheckpointNote note)
      throws IOException, InterruptedException {
    long size = note.checkpoint().size();
    long old = seenSize;
    if (old > size) {
      fault =
          "it saw %d leaves of this log, which has %d here: it must not be forked"
              .formatted(old, size);
      return null;
    }
    HttpResponse<byte[]> answer =
        send(new AddCheckpoint(old, tree.consistencyProof(old, size), note));
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    if (answer.statusCode() == CONFLICT && text.strip().matches("[0-9]{1,18}")) {
      long seen = Long.parseLong(text.strip());
      fault = seen == old ? "it saw another root of size " + seen : null;
      seenSize = seen;
      return null;
    }
    if (answer.statusCode() != OK) {
      fault = "refused: " + text.strip().lines().findFirst().orElse("" + answer.statusCode());
      return null;
    }
    for (CheckpointNote.Signature signature : CheckpointNote.signatures(text)) {
      if (witness.key().verify(note.checkpoint(), signature).isPresent()) {
        seenSize = size;
        fault = null;
        return signature;
      }
    }
    fault = "its answer is not signed by the key that is named for it";
    return null;
  }

  private HttpResponse<byte[]> send(AddCheckpoint request)
      throws IOException, InterruptedException {
    String base = witness.url().toString();
    var target = URI.create(base + (base.endsWith("/") ? "" : "/") + "add-checkpoint");
    return client.send(
        HttpRequest.newBuilder(target)
            .timeout(timeout)
            .POST(BodyPublishers.ofString(request.text()))
            .build(),
        HttpResponse.BodyHandlers.limiting(
            HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
  }

  WitnessPolicy.Named witness() {
    return witness;
  }

  long seenSize() {
    return seenSize;
  }

  /** Why its last answer was none; null if it was one. */
  @Nullable String fault() {
    return fault;
  }
}

package xyz.openledger.chainanchor.witness;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import xyz.openledger.chainanchor.log.Checkpoint;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.protocol.keys.Ed25519Key;

/**
 * Cosigns the checkpoints of one log, as long as each follows the one before. What it saw is on
 * disk before it answers, so that a crash never makes it sign both sides of a fork.
 */
public final class Witness {
  private final LogKey log;
  private final String name;
  private final Ed25519Key key;
  private final WitnessStore store;
  private final InstantSource clock;
  private Optional<CheckpointNote> seen;

  /** A witness with the memory that {@code store} holds. */
  public Witness(LogKey log, String name, Ed25519Key key, WitnessStore store, InstantSource clock)
      throws IOException {
    this.log = log;
    this.name = name;
    this.key = key;
    this.store = store;
    this.clock = clock;
    this.seen = store.seen();
  }

  /**
   * Judges a checkpoint, one at a time.
   *
   * @throws IOException if what was seen cannot be stored; nothing was signed then
   */
  public synchronized WitnessAnswer add(AddCheckpoint request) throws IOException {
    Optional<Checkpoint> last = seen.map(CheckpointNote::checkpoint);
    var refusal = WitnessRules.refusal(request, log, last);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Checkpoint checkpoint = request.note().checkpoint();
    var cosignature = WitnessKey.cosign(name, key, checkpoint, clock.instant().getEpochSecond());
    // The log's own signature alone: what others added is not for this witness to vouch for.
    var own =
        request.note().signatures().stream()
            .filter(signature -> signature.name().equals(log.name()))
            .toList();
    var note = new CheckpointNote(checkpoint, own);
    store.save(note);
    seen = Optional.of(note);
    return new WitnessAnswer.Cosigned(CheckpointNote.line(cosignature));
  }

  /** The last checkpoint that it cosigned. */
  public synchronized Optional<CheckpointNote> seen() {
    return seen;
  }

  /** The log that it follows. */
  public LogKey log() {
    return log;
  }

  /** What others verify its cosignatures by. */
  public WitnessKey publicKey() {
    return WitnessKey.of(name, key.publicKey());
  }
}

package xyz.openledger.chainanchor.witness;

import java.util.Optional;
import xyz.openledger.chainanchor.log.Checkpoint;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.protocol.merkle.MerkleTree;

/** Whether a checkpoint follows what a witness saw before. */
final class WitnessRules {
  private WitnessRules() {}

  /**
   * Why it does not; empty if it does.
   *
   * @param seen the last checkpoint that was cosigned; empty before the first
   */
  static Optional<WitnessAnswer> refusal(
      AddCheckpoint request, LogKey log, Optional<Checkpoint> seen) {
    Checkpoint checkpoint = request.note().checkpoint();
    if (!checkpoint.origin().equals(log.name())) {
      return Optional.of(
          new WitnessAnswer.Unknown("this witness follows " + log.name() + ", no other log"));
    }
    if (!request.note().isSignedBy(log)) {
      return Optional.of(new WitnessAnswer.Untrusted("not signed by the key of " + log.name()));
    }
    if (request.oldSize() > checkpoint.size()) {
      return Optional.of(
          new WitnessAnswer.Malformed(
              "the checkpoint of %d is before the old size of %d"
                  .formatted(checkpoint.size(), request.oldSize())));
    }
    long seenSize = seen.map(Checkpoint::size).orElse(0L);
    if (request.oldSize() != seenSize) {
      return Optional.of(
          new WitnessAnswer.Conflict(
              seenSize, "the last checkpoint seen here has size " + seenSize));
    }
    if (seen.isPresent()
        && checkpoint.size() == seenSize
        && !checkpoint.root().equals(seen.get().root())) {
      return Optional.of(
          new WitnessAnswer.Conflict(seenSize, "another root of size " + seenSize + " was seen"));
    }
    return follows(request, seen)
        ? Optional.empty()
        : Optional.of(
            new WitnessAnswer.Forked(
                "the proof does not lead from size %d to size %d"
                    .formatted(seenSize, checkpoint.size())));
  }

  private static boolean follows(AddCheckpoint request, Optional<Checkpoint> seen) {
    Checkpoint checkpoint = request.note().checkpoint();
    if (seen.isEmpty() || seen.get().size() == 0) {
      return request.proof().isEmpty();
    }
    return MerkleTree.verifyConsistency(
        seen.get().size(),
        seen.get().root(),
        checkpoint.size(),
        checkpoint.root(),
        request.proof());
  }
}

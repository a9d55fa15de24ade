package xyz.openledger.actors.anchor;

import java.util.Optional;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogEvent;

/** Those who cosign a checkpoint before it may be anchored. Calls block, for a bounded time. */
public interface Witnesses {
  /** Nobody is asked, and nothing is called witnessed. */
  Witnesses NONE =
      new Witnesses() {
        @Override
        public int quorum() {
          return 0;
        }

        @Override
        public Optional<CheckpointNote> cosign(LogEvent.CheckpointSealed checkpoint) {
          return Optional.empty();
        }
      };

  /** How many must cosign. */
  int quorum();

  /** The checkpoint with enough cosignatures; empty if too few came in time. */
  Optional<CheckpointNote> cosign(LogEvent.CheckpointSealed checkpoint);
}

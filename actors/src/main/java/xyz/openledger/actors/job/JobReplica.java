package xyz.openledger.actors.job;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;

/**
 * One execution of one task, as far as it has come.
 *
 * <pre>
 *   leased ──▶ committed ──▶ revealed          with one replica: leased ──▶ revealed
 *      └───────────┴──▶ lost
 * </pre>
 *
 * @param problem why it brought nothing
 * @param detail the same as a sentence
 * @param sinceMillis when it came into its phase
 */
public record JobReplica(
    Grant grant,
    Phase phase,
    @Nullable Digest commitment,
    JobEvent.@Nullable Reveal reveal,
    @Nullable Problem problem,
    String detail,
    long sinceMillis) {

  /** How far. */
  public enum Phase {
    LEASED,
    COMMITTED,
    REVEALED,
    LOST
  }

  static JobReplica leased(Grant grant, long atMillis) {
    return new JobReplica(grant, Phase.LEASED, null, null, null, "", atMillis);
  }

  JobReplica committed(Digest commitment, long atMillis) {
    return new JobReplica(grant, Phase.COMMITTED, commitment, null, null, "", atMillis);
  }

  JobReplica revealed(JobEvent.Reveal reveal, long atMillis) {
    return new JobReplica(grant, Phase.REVEALED, commitment, reveal, null, "", atMillis);
  }

  JobReplica lost(Problem problem, String detail, long atMillis) {
    return new JobReplica(grant, Phase.LOST, commitment, null, problem, detail, atMillis);
  }

  /** What it said, once it has. */
  public @Nullable Outcome outcome() {
    return reveal == null ? null : reveal.outcome();
  }

  /** Whether its node may still have something to say. */
  public boolean live() {
    return phase == Phase.LEASED || phase == Phase.COMMITTED;
  }
}

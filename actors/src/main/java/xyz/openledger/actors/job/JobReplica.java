package xyz.openledger.actors.job;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.SavedState;

/**
 * One execution of one task, as far as it has come.
 *
 * <pre>
 *   leased ──▶ committed ──▶ revealed          with one replica: leased ──▶ revealed
 *      ├───────────┴──▶ lost
 *      └── noticed ───▶ preempted
 * </pre>
 *
 * @param problem why it brought nothing
 * @param detail the same as a sentence
 * @param sinceMillis when it came into its phase
 * @param notice that it has to make room; null if it does not
 * @param alone whether nobody else was at work on its task, or had answered, when it was leased
 */
public record JobReplica(
    Grant grant,
    Phase phase,
    @Nullable Digest commitment,
    JobEvent.@Nullable Reveal reveal,
    @Nullable Problem problem,
    String detail,
    long sinceMillis,
    @Nullable Notice notice,
    boolean alone) {

  /** How far. */
  public enum Phase {
    LEASED,
    COMMITTED,
    REVEALED,
    LOST,
    PREEMPTED
  }

  /**
   * That it has to make room.
   *
   * @param endsAtMillis when it is stopped
   * @param fuel what its node burns until then, by its measured speed
   * @param saved how far it says that it came, once it was stopped
   */
  public record Notice(long endsAtMillis, long fuel, String detail, @Nullable SavedState saved) {}

  static JobReplica leased(Grant grant, long atMillis, boolean alone) {
    return new JobReplica(grant, Phase.LEASED, null, null, null, "", atMillis, null, alone);
  }

  static JobReplica claimed(JobEvent.Claimed claimed) {
    return new JobReplica(
        claimed.grant(),
        Phase.REVEALED,
        null,
        claimed.reveal(),
        null,
        "",
        claimed.atMillis(),
        null,
        false);
  }

  JobReplica committed(Digest commitment, long atMillis) {
    return new JobReplica(
        grant, Phase.COMMITTED, commitment, null, null, "", atMillis, null, alone);
  }

  JobReplica revealed(JobEvent.Reveal reveal, long atMillis) {
    return new JobReplica(
        grant, Phase.REVEALED, commitment, reveal, null, "", atMillis, null, alone);
  }

  JobReplica lost(Problem problem, String detail, long atMillis) {
    return new JobReplica(
        grant, Phase.LOST, commitment, null, problem, detail, atMillis, null, alone);
  }

  JobReplica noticed(JobEvent.Noticed given, long fuelMax) {
    long endsAtMillis = given.atMillis() + given.noticeMillis();
    long millis = Math.max(0, endsAtMillis - sinceMillis);
    long fuel =
        millis / 1_000 * given.fuelPerSecond() + millis % 1_000 * given.fuelPerSecond() / 1_000;
    return new JobReplica(
        grant,
        phase,
        commitment,
        reveal,
        problem,
        detail,
        sinceMillis,
        new Notice(endsAtMillis, Math.min(fuelMax, fuel), given.detail(), null),
        alone);
  }

  JobReplica preempted(JobEvent.Preempted over) {
    String why = notice == null ? "" : notice.detail();
    return new JobReplica(
        grant,
        Phase.PREEMPTED,
        null,
        null,
        null,
        why,
        over.atMillis(),
        new Notice(over.atMillis(), over.fuelUsed(), why, over.saved()),
        alone);
  }

  /** How far it says that it came, if it had to make room. */
  @Nullable SavedState saved() {
    return phase != Phase.PREEMPTED || notice == null ? null : notice.saved();
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

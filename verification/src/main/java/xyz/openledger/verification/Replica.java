package xyz.openledger.verification;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ReplicaId;

/**
 * One execution of a task, as far as it has come.
 *
 * <pre>
 *   leased ──▶ committed ──▶ revealed
 *      └───────────┴──▶ lost, released
 * </pre>
 *
 * @param outcome what the node said; there exactly when it has been revealed and checked
 * @param standing what its node had shown when it took the lease
 */
public record Replica(
    ReplicaId id,
    NodeId node,
    Address owner,
    State state,
    @Nullable Outcome outcome,
    Standing standing) {

  /**
   * What a node had shown when it took a lease.
   *
   * @param confirmed results of its own in a row that other owners confirmed
   * @param contribution its score under the weight rule of {@link
   *     xyz.openledger.verification.credibility.ContributionWeight}
   * @param audited whether this result shall be confirmed however well the node stands; neither the
   *     node nor its lease can tell
   */
  public record Standing(long confirmed, long contribution, boolean audited) {
    /** Nothing is known of the node, and nothing is asked. */
    public static final Standing NONE = new Standing(0, 0, false);

    /** What a node had shown, but for its score under the weight rule. */
    public Standing(long confirmed, boolean audited) {
      this(confirmed, 0, audited);
    }
  }

  /** How far it has come. */
  public enum State {
    /** A node holds the lease, and may be running it. */
    LEASED,
    /** The node has bound itself to an outcome that nobody has seen. */
    COMMITTED,
    /** The outcome is known and fits its commitment and its signature. */
    REVEALED,
    /** The node went away, could not run it, or broke the protocol. */
    LOST,
    /** It was called back before it was of use. */
    RELEASED
  }

  /** Checks that an outcome is there exactly when it has been revealed. */
  public Replica {
    if ((state == State.REVEALED) != (outcome != null)) {
      throw new IllegalArgumentException(
          id + " is " + state + (outcome == null ? " without" : " with") + " an outcome");
    }
  }

  /** A replica that has just been granted. */
  public static Replica leased(ReplicaId id, NodeId node, Address owner) {
    return new Replica(id, node, owner, State.LEASED, null, Standing.NONE);
  }

  /** The same replica of a node that had shown this. */
  public Replica of(Standing shown) {
    return new Replica(id, node, owner, state, outcome, shown);
  }

  /** The same replica, further along; not for {@link State#REVEALED}. */
  public Replica in(State next) {
    return new Replica(id, node, owner, next, null, standing);
  }

  /** The same replica with what it came to. */
  public Replica revealed(Outcome said) {
    return new Replica(id, node, owner, State.REVEALED, said, standing);
  }

  /** Whether it counts towards a verdict, now or later. */
  boolean live() {
    return state != State.LOST && state != State.RELEASED;
  }

  /** Whether its answer is still to come. */
  boolean pending() {
    return state == State.LEASED || state == State.COMMITTED;
  }
}

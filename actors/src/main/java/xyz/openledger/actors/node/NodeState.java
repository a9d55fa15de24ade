package xyz.openledger.actors.node;

import org.jspecify.annotations.Nullable;

/**
 * What a node's events add up to.
 *
 * <pre>
 *   unknown ──▶ joining ──challenge──▶ ready ──▶ draining ──▶ left
 *                  └──────────▶ suspended
 * </pre>
 */
public record NodeState(
    @Nullable NodeIdentity identity,
    @Nullable NodeTerms terms,
    Standing standing,
    String transactionHash,
    long stakeNanoOpen,
    @Nullable Downgrade downgrade) {
  static final NodeState UNKNOWN = new NodeState(null, null, Standing.UNKNOWN, "", 0, null);

  /** Where it stands. */
  public enum Standing {
    UNKNOWN,
    JOINING,
    READY,
    DRAINING,
    SUSPENDED,
    LEFT
  }

  NodeState apply(NodeEvent event) {
    return switch (event) {
      case NodeEvent.Enrolled enrolled ->
          new NodeState(enrolled.identity(), enrolled.terms(), Standing.JOINING, "", 0, downgrade);
      case NodeEvent.ChallengePassed _ -> in(Standing.READY);
      case NodeEvent.ChallengeFailed _ -> in(Standing.SUSPENDED);
      case NodeEvent.Drained _ -> in(Standing.DRAINING);
      case NodeEvent.Left _ -> in(Standing.LEFT);
      case NodeEvent.Registered registered ->
          new NodeState(
              identity,
              terms,
              standing,
              registered.transactionHash(),
              registered.stakeNanoOpen(),
              downgrade);
      case NodeEvent.Downgraded(_, long claimed, long measured, long atMillis) ->
          believed(new Downgrade(claimed, measured, atMillis));
      case NodeEvent.Restored _ -> believed(null);
    };
  }

  private NodeState in(Standing next) {
    return new NodeState(identity, terms, next, transactionHash, stakeNanoOpen, downgrade);
  }

  private NodeState believed(@Nullable Downgrade now) {
    return new NodeState(identity, terms, standing, transactionHash, stakeNanoOpen, now);
  }
}

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
    Downgrades downgrades) {
  static final NodeState UNKNOWN =
      new NodeState(null, null, Standing.UNKNOWN, "", 0, Downgrades.NONE);

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
          new NodeState(enrolled.identity(), enrolled.terms(), Standing.JOINING, "", 0, downgrades);
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
              downgrades);
      case NodeEvent.Downgraded(_, long claimed, long measured, long atMillis) ->
          found(downgrades.with(new Downgrade(Measure.MEMORY, claimed, measured, atMillis)));
      case NodeEvent.Restored _ -> found(downgrades.without(Measure.MEMORY));
      case NodeEvent.FuelDowngraded(_, long claimed, long measured, long atMillis) ->
          found(downgrades.with(new Downgrade(Measure.FUEL, claimed, measured, atMillis)));
      case NodeEvent.FuelRestored _ -> found(downgrades.without(Measure.FUEL));
    };
  }

  private NodeState in(Standing next) {
    return new NodeState(identity, terms, next, transactionHash, stakeNanoOpen, downgrades);
  }

  private NodeState found(Downgrades now) {
    return new NodeState(identity, terms, standing, transactionHash, stakeNanoOpen, now);
  }
}

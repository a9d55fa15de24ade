package xyz.openledger.chainanchor.outbox;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that the outbox must not forget.
 *
 * @param rows open ones, in the order of planning
 * @param finals the last finished ones, oldest first
 * @param abandoned withdrawals that were given up, and why: the last ones, oldest first
 * @param nextSequence the next row's
 * @param nextNonce no nonce below was left unused by these rows; 0 if the chain's own count decides
 * @param plannedLogSize how far the log's anchors are planned
 * @param finalLogSize how far they are final
 * @param anchorCost what they have cost
 */
public record OutboxSnapshot(
    List<OutboxRow> rows,
    List<OutboxRow> finals,
    Map<String, String> abandoned,
    long nextSequence,
    long nextNonce,
    long plannedLogSize,
    long finalLogSize,
    AnchorCost anchorCost) {
  /** Keeps its own copies. */
  public OutboxSnapshot {
    rows = List.copyOf(rows);
    finals = List.copyOf(finals);
    abandoned = Collections.unmodifiableMap(new LinkedHashMap<>(abandoned));
  }
}

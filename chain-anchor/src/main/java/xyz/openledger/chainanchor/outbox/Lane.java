package xyz.openledger.chainanchor.outbox;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.outbox.OutboxRow.State;

/** What one key has on its way: the part of the outbox that its events rebuild. */
final class Lane {
  /** As many as the books remember of withdrawals that are over. */
  private static final int ABANDONED_KEPT = 65_536;

  private static final int GIVEN_UP_KEPT = 1_024;

  private final int finalsKept;
  private final Map<String, OutboxRow> rows = new LinkedHashMap<>();
  private final Deque<OutboxRow> finals = new ArrayDeque<>();
  private final Map<String, String> abandoned = new LinkedHashMap<>();

  /** Why other calls were given up and not planned since, for those who ask; a restart forgets. */
  private final Map<String, String> givenUp = new LinkedHashMap<>();

  private long nextSequence;
  private long nextNonce;
  private long plannedLogSize;
  private long finalLogSize;
  private AnchorCost anchorCost = AnchorCost.NONE;

  Lane(int finalsKept) {
    this.finalsKept = finalsKept;
  }

  void restore(OutboxSnapshot snapshot) {
    snapshot.rows().forEach(row -> rows.put(row.id(), row));
    finals.addAll(snapshot.finals());
    abandoned.putAll(snapshot.abandoned());
    nextSequence = snapshot.nextSequence();
    nextNonce = snapshot.nextNonce();
    plannedLogSize = snapshot.plannedLogSize();
    finalLogSize = snapshot.finalLogSize();
    anchorCost = snapshot.anchorCost();
  }

  OutboxSnapshot snapshot() {
    return new OutboxSnapshot(
        inOrder(),
        List.copyOf(finals),
        abandoned,
        nextSequence,
        nextNonce,
        plannedLogSize,
        finalLogSize,
        anchorCost);
  }

  void apply(OutboxEvent event) {
    switch (event) {
      case OutboxEvent.Planned(String id, Intent intent) -> {
        expect(!rows.containsKey(id), event);
        givenUp.remove(id);
        rows.put(id, OutboxRow.planned(id, nextSequence, intent));
        nextSequence++;
        if (intent instanceof Intent.Anchor anchor) {
          plannedLogSize = anchor.toSize();
        }
      }
      case OutboxEvent.AnchorGrown(String id, long toSize, String rootHex) -> {
        var anchor = (Intent.Anchor) row(id, State.PLANNED).intent();
        put(row(id).with(new Intent.Anchor(anchor.fromSize(), toSize, rootHex)));
        plannedLogSize = toSize;
      }
      case OutboxEvent.AnchorShifted(String id, long fromSize) -> {
        var anchor = (Intent.Anchor) row(id, State.PLANNED).intent();
        put(row(id).with(new Intent.Anchor(fromSize, anchor.toSize(), anchor.rootHex())));
      }
      case OutboxEvent.Signed(String id, long nonce, Attempt attempt) -> {
        put(row(id, State.PLANNED, State.SIGNED, State.SENT).signed(nonce, attempt));
        nextNonce = Math.max(nextNonce, nonce + 1);
      }
      case OutboxEvent.Sent(String id, long atBlock) ->
          put(row(id, State.SIGNED, State.SENT).sent(atBlock));
      case OutboxEvent.Mined(String id, String txHash, long number, String hash, var cost) ->
          put(
              row(id, State.SIGNED, State.SENT, State.MINED, State.SAFE)
                  .mined(txHash, new BlockRef(number, hash), cost));
      case OutboxEvent.Safe(String id) -> put(row(id, State.MINED).in(State.SAFE));
      case OutboxEvent.Finalized(String id, long number, String hash) ->
          finish(
              row(id, State.SAFE, State.SATISFIED, State.CONFLICTED), new BlockRef(number, hash));
      case OutboxEvent.Rewound(String id, String _) ->
          put(row(id, State.MINED, State.SAFE).rewound());
      case OutboxEvent.Reverted(String id, String _, long _) ->
          put(row(id, State.SIGNED, State.SENT, State.MINED, State.SAFE).replanned(1));
      case OutboxEvent.NonceTaken(String id, long _) ->
          put(row(id, State.SIGNED, State.SENT).replanned(0));
      case OutboxEvent.Satisfied(String id, String _) ->
          put(row(id, State.PLANNED).in(State.SATISFIED));
      case OutboxEvent.Unsatisfied(String id) -> put(row(id, State.SATISFIED).in(State.PLANNED));
      case OutboxEvent.Conflicted(String id, String _) ->
          put(row(id, State.PLANNED, State.SAFE, State.SATISFIED).in(State.CONFLICTED));
      case OutboxEvent.Abandoned(String id, String reason) ->
          abandon(row(id, State.PLANNED, State.CONFLICTED), reason);
      case OutboxEvent.Renumbered _ -> {
        inOrder().stream().filter(OutboxRow::isInFlight).forEach(row -> put(row.replanned(0)));
        nextNonce = 0;
      }
      case OutboxEvent.RolledBack _ -> {
        for (OutboxRow row : finals) {
          rows.putIfAbsent(row.id(), row);
          anchorCost = anchorCost.without(row);
        }
        finals.clear();
        finalLogSize = 0;
        inOrder().forEach(row -> put(row.replanned(0)));
        nextNonce = 0;
      }
    }
  }

  /**
   * A withdrawal that was given up must never be planned again: its money goes back to the account.
   * Other calls may be, when whoever wants them has seen to what stood in their way.
   */
  private void abandon(OutboxRow row, String reason) {
    rows.remove(row.id());
    if (row.intent() instanceof Intent.Withdraw) {
      remember(abandoned, ABANDONED_KEPT, row.id(), reason);
    } else {
      remember(givenUp, GIVEN_UP_KEPT, row.id(), reason);
    }
  }

  private static void remember(Map<String, String> reasons, int kept, String id, String reason) {
    reasons.put(id, reason);
    if (reasons.size() > kept) {
      reasons.remove(reasons.keySet().iterator().next());
    }
  }

  private void finish(OutboxRow row, BlockRef block) {
    if (row.intent() instanceof Intent.Anchor anchor) {
      finalLogSize = Math.max(finalLogSize, anchor.toSize());
    }
    rows.remove(row.id());
    // The bytes have done their work: should the block vanish after all, the row is signed anew.
    var last =
        new OutboxRow(
            row.id(),
            row.sequence(),
            row.intent(),
            row.state(),
            row.nonce(),
            row.attempts().stream().map(Attempt::withoutBytes).toList(),
            -1,
            0,
            block,
            row.cost());
    finals.addLast(last);
    anchorCost = anchorCost.with(last);
    if (finals.size() > finalsKept) {
      finals.removeFirst();
    }
  }

  /** The open rows in the order in which they were planned. */
  List<OutboxRow> inOrder() {
    return rows.values().stream().sorted(Comparator.comparingLong(OutboxRow::sequence)).toList();
  }

  Collection<OutboxRow> rows() {
    return rows.values();
  }

  Optional<OutboxRow> find(String id) {
    return Optional.ofNullable(rows.get(id));
  }

  Optional<OutboxRow> byTransaction(String txHash) {
    return rows.values().stream().filter(row -> row.owns(txHash)).findFirst();
  }

  Deque<OutboxRow> finals() {
    return finals;
  }

  /** Why the call of that id was given up, if it was and was not planned since. */
  Optional<String> abandoned(String id) {
    return Optional.ofNullable(abandoned.getOrDefault(id, givenUp.get(id)));
  }

  /** The final row of the highest block. */
  @Nullable OutboxRow lastFinal() {
    OutboxRow last = null;
    for (OutboxRow row : finals) {
      if (last == null || row.block().number() >= last.block().number()) {
        last = row;
      }
    }
    return last;
  }

  long nextNonce() {
    return nextNonce;
  }

  long finalLogSize() {
    return finalLogSize;
  }

  AnchorCost anchorCost() {
    return anchorCost;
  }

  long plannedLogSize() {
    return plannedLogSize;
  }

  private OutboxRow row(String id, State... states) {
    var row = Objects.requireNonNull(rows.get(id), () -> "no row " + id);
    if (states.length > 0 && !List.of(states).contains(row.state())) {
      throw new IllegalStateException(row + " is in none of " + List.of(states));
    }
    return row;
  }

  private void put(OutboxRow row) {
    rows.put(row.id(), row);
  }

  private static void expect(boolean holds, OutboxEvent event) {
    if (!holds) {
      throw new IllegalStateException(event + " cannot follow");
    }
  }
}

package xyz.openledger.chainanchor.outbox;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import xyz.openledger.chainanchor.outbox.OutboxRow.State;

/**
 * What blocks, receipts and the nonce mean for the rows: where each is mined, and which can never
 * be.
 */
record BlockRules(OutboxSettings settings, Lane lane, ChainView view) {
  private static final String ROLLBACK = "rollback";
  private static final String GAP = "gap";

  /** Judges receipts and mined rows by the blocks known now; at most one event a row. */
  List<OutboxEvent> blocks() {
    var events = new ArrayList<OutboxEvent>();
    Set<String> touched = new HashSet<>();
    for (var receipt : Map.copyOf(view.receipts()).entrySet()) {
      receipt(receipt.getKey(), receipt.getValue(), touched).ifPresent(events::add);
    }
    for (OutboxRow row : lane.inOrder()) {
      if (row.isMined() && !touched.contains(row.id())) {
        standing(row).ifPresent(events::add);
      }
    }
    return events;
  }

  private Optional<OutboxEvent> receipt(String txHash, Reply.Receipt receipt, Set<String> touched) {
    var found = lane.byTransaction(txHash);
    var canonical = view.canonical(receipt.block().number());
    if (found.isPresent() && canonical.isEmpty()) {
      return Optional.empty();
    }
    view.receipts().remove(txHash);
    // A receipt from a block that is not in the chain says nothing, whoever hands it out.
    if (found.isEmpty()
        || !canonical.orElse("").equals(receipt.block().hash())
        || found.get().block().equals(receipt.block())
        || !touched.add(found.get().id())) {
      return Optional.empty();
    }
    var row = found.get();
    row.attempts().forEach(attempt -> view.trust(missingKey(attempt.txHash())));
    long number = receipt.block().number();
    return Optional.of(
        receipt.succeeded()
            ? new OutboxEvent.Mined(
                row.id(), txHash, number, receipt.block().hash(), receipt.cost())
            : new OutboxEvent.Reverted(row.id(), txHash, number));
  }

  private Optional<OutboxEvent> standing(OutboxRow row) {
    var canonical = view.canonical(row.block().number());
    if (canonical.isEmpty()) {
      return Optional.empty();
    }
    if (!canonical.get().equals(row.block().hash())) {
      return Optional.of(
          new OutboxEvent.Rewound(row.id(), "block %d changed".formatted(row.block().number())));
    }
    boolean safe = view.head().map(head -> row.block().number() <= head.safeNumber()).orElse(false);
    return row.state() == State.MINED && safe
        ? Optional.of(new OutboxEvent.Safe(row.id()))
        : Optional.empty();
  }

  /**
   * No receipt although the nonce is used up: after some heads, and for every attempt, it was
   * somebody else's.
   */
  Optional<OutboxEvent> missing(String txHash) {
    view.receipts().remove(txHash);
    var found = lane.byTransaction(txHash).filter(OutboxRow::isInFlight);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var row = found.get();
    if (view.nonce() <= row.nonce()) {
      view.trust(missingKey(txHash));
      return Optional.empty();
    }
    view.suspect(missingKey(txHash));
    boolean allMissing =
        row.attempts().stream()
            .allMatch(a -> view.suspected(missingKey(a.txHash())) >= settings.patienceHeads());
    return allMissing
        ? Optional.of(new OutboxEvent.NonceTaken(row.id(), row.nonce()))
        : Optional.empty();
  }

  /** The chain waits for a nonce that no row has any more. */
  Optional<OutboxEvent> gap() {
    boolean held = lane.rows().stream().anyMatch(row -> row.nonce() == view.nonce());
    if (view.nonce() >= lane.nextNonce() || held) {
      view.trust(GAP);
      return Optional.empty();
    }
    return view.suspect(GAP) >= settings.patienceHeads()
        ? Optional.of(new OutboxEvent.Renumbered("no row has nonce " + view.nonce()))
        : Optional.empty();
  }

  /** The last final block is not what it was. */
  Optional<OutboxEvent> rollback(long number, String hash) {
    var last = lane.lastFinal();
    if (last == null || last.block().number() != number) {
      return Optional.empty();
    }
    if (last.block().hash().equals(hash)) {
      view.trust(ROLLBACK);
      view.confirmFinal();
      return Optional.empty();
    }
    return view.suspect(ROLLBACK) >= settings.patienceHeads()
        ? Optional.of(new OutboxEvent.RolledBack(number, hash))
        : Optional.empty();
  }

  private static String missingKey(String txHash) {
    return "missing " + txHash;
  }
}

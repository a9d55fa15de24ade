package xyz.openledger.chainanchor.outbox;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.outbox.Observation.HeadSeen;

/**
 * What is believed of the chain since this program started. Never stored: after a restart
 * everything is asked again.
 */
final class ChainView {
  /** How many linked blocks are remembered. */
  private static final int WINDOW_MAX = 1_024;

  /**
   * An answer is worth something for so many further heads: blocks may come faster than answers.
   */
  private static final int FRESH_HEADS = 2;

  /** Blocks linked by parent hash up to the head. */
  private final TreeMap<Long, String> window = new TreeMap<>();

  /** Blocks asked for by number since the last head. */
  private final Map<Long, String> asked = new HashMap<>();

  /** Receipts that wait until their block is known to be in the chain. */
  private final Map<String, Reply.Receipt> receipts = new HashMap<>();

  /** Since when something unlikely has been seen at every head: by what it is. */
  private final Map<String, Suspicion> suspicions = new HashMap<>();

  /** Rows whose effect was looked for and found missing, and which may be signed. */
  private final Set<String> cleared = new HashSet<>();

  /** Rows that must wait until the head has this number. */
  private final Map<String, Long> waits = new HashMap<>();

  private final Map<String, Integer> blocked = new HashMap<>();

  /** Why rows stand still. */
  private final Map<String, String> stalls = new HashMap<>();

  private final Set<String> underpriced = new HashSet<>();
  private @Nullable HeadSeen head;
  private boolean finalConfirmed;
  private long nonce = -1;

  private record Suspicion(int heads, String lastHead) {}

  void see(HeadSeen seen) {
    if (!seen.hash().equals(window.get(seen.number()))) {
      extend(seen);
    }
    asked.clear();
    head = seen;
  }

  private void extend(HeadSeen seen) {
    if (!seen.parentHash().equals(window.get(seen.number() - 1))) {
      window.clear();
      finalConfirmed = false;
    }
    var replaced = window.tailMap(seen.number(), true);
    if (!replaced.isEmpty() || window.isEmpty()) {
      // The count was another chain's.
      nonce = -1;
    }
    replaced.clear();
    window.put(seen.number(), seen.hash());
    if (window.size() > WINDOW_MAX) {
      window.pollFirstEntry();
    }
  }

  void seeBlock(long number, String hash) {
    asked.put(number, hash);
  }

  void seeNonce(long seen) {
    nonce = seen;
  }

  /** Whether what was asked at that head still tells about the chain as it is. */
  boolean isFresh(BlockRef asked) {
    return asked.hash().equals(window.get(asked.number()))
        && headNumber() - asked.number() <= FRESH_HEADS;
  }

  /**
   * The hash of the chain's block of that number; empty text if there is none; nothing if not known
   * now.
   */
  Optional<String> canonical(long number) {
    String linked = number <= headNumber() ? window.get(number) : null;
    return linked != null ? Optional.of(linked) : Optional.ofNullable(asked.get(number));
  }

  /** The last final block, if its hash is known now. */
  Optional<BlockRef> finalBlock() {
    if (head == null) {
      return Optional.empty();
    }
    long number = head.finalNumber();
    return canonical(number)
        .filter(hash -> !hash.isEmpty())
        .map(hash -> new BlockRef(number, hash));
  }

  Optional<HeadSeen> head() {
    return Optional.ofNullable(head);
  }

  long headNumber() {
    return head == null ? -1 : head.number();
  }

  /** The key's transaction count; −1 if not known yet. */
  long nonce() {
    return nonce;
  }

  /**
   * The last final block of ours is where it was, and the head is linked to what was seen since.
   */
  void confirmFinal() {
    finalConfirmed = true;
  }

  void doubtFinal() {
    finalConfirmed = false;
  }

  boolean isFinalConfirmed() {
    return finalConfirmed;
  }

  void keep(String txHash, Reply.Receipt receipt) {
    receipts.put(txHash, receipt);
  }

  Map<String, Reply.Receipt> receipts() {
    return receipts;
  }

  /**
   * Counts one more head at which something unlikely was seen.
   *
   * @return at how many heads in all
   */
  int suspect(String what) {
    String hash = head == null ? "" : head.hash();
    var before = suspicions.get(what);
    if (before != null && before.lastHead().equals(hash)) {
      return before.heads();
    }
    var now = new Suspicion(before == null ? 1 : before.heads() + 1, hash);
    suspicions.put(what, now);
    return now.heads();
  }

  int suspected(String what) {
    var suspicion = suspicions.get(what);
    return suspicion == null ? 0 : suspicion.heads();
  }

  void trust(String what) {
    suspicions.remove(what);
  }

  void clear(String id) {
    cleared.add(id);
    blocked.remove(id);
    stalls.remove(id);
  }

  /** The row gets no further, and why. */
  void stall(String id, String reason) {
    stalls.put(id, reason);
  }

  void unstall(String id) {
    stalls.remove(id);
  }

  Map<String, String> stalls() {
    return stalls;
  }

  boolean isCleared(String id) {
    return cleared.contains(id);
  }

  int block(String id) {
    int times = blocked.merge(id, 1, Integer::sum);
    waitFor(id, Math.min(1L << Math.min(times, 5), 32));
    return times;
  }

  /** The row is left alone for so many blocks. */
  void waitFor(String id, long blocks) {
    waits.put(id, headNumber() + blocks);
  }

  boolean waits(String id) {
    Long until = waits.get(id);
    return until != null && headNumber() < until && until - headNumber() <= 64;
  }

  void markUnderpriced(String id) {
    underpriced.add(id);
  }

  boolean isUnderpriced(String id) {
    return underpriced.contains(id);
  }

  void clearUnderpriced(String id) {
    underpriced.remove(id);
  }

  /** Forgets what was believed of a row, so that it is looked at afresh. */
  void forget(String id) {
    cleared.remove(id);
    underpriced.remove(id);
  }

  void forgetAll() {
    forgetRows();
    suspicions.clear();
  }

  void forgetRows() {
    cleared.clear();
    underpriced.clear();
    receipts.clear();
    blocked.clear();
    stalls.clear();
    waits.clear();
    nonce = -1;
  }
}

package xyz.openledger.chainanchor.outbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import xyz.openledger.chainanchor.outbox.Action.Tag;
import xyz.openledger.chainanchor.outbox.Observation.HeadSeen;
import xyz.openledger.chainanchor.outbox.Reply.Effect;
import xyz.openledger.chainanchor.outbox.Reply.Sending;

/**
 * A chain for one key, in memory: a pool with the ten-per-cent replacement rule, blocks,
 * reorganisations, and contracts that compare and swap. It tells the truth; the lies are told by
 * {@link OutboxSimulation}.
 */
final class SimulatedChain {
  static final long SAFE_DEPTH = 3;
  static final long FINAL_DEPTH = 6;

  record Transaction(
      String hash, long nonce, long maxFeeWei, long tipWei, Intent intent, boolean foreign) {}

  record Mined(Transaction transaction, boolean succeeded) {}

  record Block(long number, String hash, String parentHash, List<Mined> mined, State after) {}

  /** Copied for each block: small on purpose. */
  record State(long nonce, long logSize, Set<String> paid, List<String> effects) {}

  private final SplittableRandom random;
  private final boolean compareAndSwap;
  private final long finalDepth;
  private final List<Block> blocks = new ArrayList<>();
  private final TreeMap<Long, Transaction> pool = new TreeMap<>();
  private final Map<String, Transaction> signed = new HashMap<>();
  private int salt;

  /** Miners take nothing that tips less. */
  private long tipFloorWei;

  /** What the node suggests. */
  private long suggestedTipWei;

  SimulatedChain(SplittableRandom random, boolean compareAndSwap) {
    this(random, compareAndSwap, FINAL_DEPTH);
  }

  /** A chain that is final after so many blocks, and may be reorganised up to there. */
  SimulatedChain(SplittableRandom random, boolean compareAndSwap, long finalDepth) {
    this.finalDepth = finalDepth;
    this.random = random;
    this.compareAndSwap = compareAndSwap;
    blocks.add(new Block(0, "0x0", "", List.of(), new State(0, 0, Set.of(), List.of())));
  }

  Block head() {
    return blocks.getLast();
  }

  Block at(long number) {
    return blocks.get((int) Math.max(0, Math.min(number, blocks.size() - 1)));
  }

  Optional<Block> block(long number) {
    return number >= 0 && number < blocks.size()
        ? Optional.of(blocks.get((int) number))
        : Optional.empty();
  }

  HeadSeen seen(Block block) {
    return new HeadSeen(
        block.number(),
        block.hash(),
        block.parentHash(),
        head().number() - SAFE_DEPTH,
        head().number() - finalDepth,
        1_000,
        suggestedTipWei);
  }

  void market(long floorWei, long suggestedWei) {
    tipFloorWei = floorWei;
    suggestedTipWei = suggestedWei;
  }

  Attempt sign(Intent intent, long nonce, long maxFeeWei, long tipWei) {
    String hash = "0xt" + ++salt;
    signed.put("raw" + hash, new Transaction(hash, nonce, maxFeeWei, tipWei, intent, false));
    return new Attempt(hash, "raw" + hash, maxFeeWei, tipWei);
  }

  Sending send(String raw) {
    return submit(signed.get(raw));
  }

  Sending submit(Transaction transaction) {
    if (transaction.nonce() < head().after().nonce()) {
      return Sending.NONCE_TOO_LOW;
    }
    var waiting = pool.get(transaction.nonce());
    if (waiting != null && waiting.hash().equals(transaction.hash())) {
      return Sending.KNOWN;
    }
    if (waiting != null
        && (transaction.maxFeeWei() * 10 < waiting.maxFeeWei() * 11
            || transaction.tipWei() * 10 < waiting.tipWei() * 11)) {
      return Sending.UNDERPRICED;
    }
    pool.put(transaction.nonce(), transaction);
    return Sending.ACCEPTED;
  }

  /** Somebody else uses the key: another anchorer of the same log, or a stray transfer. */
  void foreign(long logSize) {
    long chainSize = head().after().logSize();
    Intent intent =
        logSize > chainSize && random.nextBoolean()
            ? new Intent.Anchor(chainSize, random.nextLong(chainSize + 1, logSize + 1), "00")
            : new Intent.Fund("foreign-" + ++salt, 1);
    submit(
        new Transaction(
            "0xf" + ++salt, head().after().nonce(), Long.MAX_VALUE / 20, 1L << 50, intent, true));
  }

  void mine(boolean full) {
    var state = head().after();
    var mined = new ArrayList<Mined>();
    while (pool.get(state.nonce()) instanceof Transaction next
        && next.tipWei() >= tipFloorWei
        && (full || random.nextInt(4) > 0)) {
      pool.remove(next.nonce());
      boolean succeeds = succeeds(state, next.intent());
      mined.add(new Mined(next, succeeds));
      state = succeeds ? execute(state, next.intent()) : used(state);
    }
    blocks.add(
        new Block(head().number() + 1, "0xb" + ++salt, head().hash(), List.copyOf(mined), state));
  }

  /** Drops the last blocks; some of their transactions go back to the pool, some are lost. */
  void reorganise(int depth) {
    int keep = (int) Math.max(1, Math.max(blocks.size() - depth, head().number() - finalDepth + 1));
    int height = blocks.size();
    while (blocks.size() > keep) {
      for (Mined mined : blocks.removeLast().mined()) {
        if (random.nextBoolean()) {
          pool.putIfAbsent(mined.transaction().nonce(), mined.transaction());
        }
      }
    }
    while (blocks.size() <= height) {
      mine(false);
    }
  }

  /** The machine behind it was killed: blocks are gone, final ones too, and so is the pool. */
  void rollBack(int depth) {
    while (blocks.size() > 1 && depth-- > 0) {
      blocks.removeLast();
    }
    pool.clear();
    mine(true);
  }

  void losePool() {
    pool.clear();
  }

  Effect effect(Intent intent, Tag tag, long blocksBehind) {
    long number =
        tag == Tag.FINAL
            ? Math.max(0, head().number() - finalDepth)
            : head().number() - blocksBehind;
    var state = at(number).after();
    boolean done =
        switch (intent) {
          case Intent.Anchor anchor -> state.logSize() >= anchor.toSize();
          case Intent.Fund fund -> state.paid().contains(fund.key());
          default -> throw new IllegalArgumentException("not simulated: " + intent);
        };
    return done ? new Effect.Done("") : new Effect.Absent(state.logSize());
  }

  Optional<Reply> receipt(String hash) {
    for (Block block : blocks) {
      for (Mined mined : block.mined()) {
        if (mined.transaction().hash().equals(hash)) {
          return Optional.of(
              new Reply.Receipt(
                  new BlockRef(block.number(), block.hash()), mined.succeeded(), null));
        }
      }
    }
    return Optional.empty();
  }

  /** What happened on the chain as it is, each effect as often as it happened. */
  List<String> effects() {
    return head().after().effects();
  }

  long reverted() {
    return blocks.stream()
        .flatMap(block -> block.mined().stream())
        .filter(mined -> !mined.succeeded())
        .count();
  }

  private boolean succeeds(State state, Intent intent) {
    return !compareAndSwap
        || switch (intent) {
          case Intent.Anchor anchor -> anchor.fromSize() == state.logSize();
          case Intent.Fund fund -> !state.paid().contains(fund.key());
          default -> throw new IllegalArgumentException("not simulated: " + intent);
        };
  }

  private static State used(State state) {
    return new State(state.nonce() + 1, state.logSize(), state.paid(), state.effects());
  }

  private static State execute(State state, Intent intent) {
    var effects = new ArrayList<>(state.effects());
    var paid = new HashSet<>(state.paid());
    long logSize = state.logSize();
    switch (intent) {
      case Intent.Anchor anchor -> {
        effects.add("anchor " + anchor.fromSize() + " " + anchor.toSize());
        logSize = anchor.toSize();
      }
      case Intent.Fund fund -> {
        effects.add("fund " + fund.key());
        paid.add(fund.key());
      }
      default -> throw new IllegalArgumentException("not simulated: " + intent);
    }
    return new State(state.nonce() + 1, logSize, paid, effects);
  }
}

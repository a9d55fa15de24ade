package xyz.openledger.cluster.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import xyz.openledger.chainanchor.log.CompactRange;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.merkle.MerkleTree;

/** How many leaves of receipts one CPU-second hashes into the log. */
public final class ReceiptHashing {
  private static final int LEAF_BYTES = 288;
  private static final int BATCH = 10_000;

  private ReceiptHashing() {}

  /** Leaves per CPU-second of this thread, in each of so many rounds, after one that warms up. */
  public static List<Double> perCpuSecond(int rounds, long seed) {
    var random = new SplittableRandom(seed);
    var leaves = new ArrayList<byte[]>();
    for (int i = 0; i < BATCH; i++) {
      byte[] leaf = new byte[LEAF_BYTES];
      random.nextBytes(leaf);
      leaves.add(leaf);
    }
    var thread = ManagementFactory.getThreadMXBean();
    var rates = new ArrayList<Double>();
    CompactRange log = CompactRange.EMPTY;
    for (int round = 0; round <= rounds; round++) {
      long before = thread.getCurrentThreadCpuTime();
      int hashed = 0;
      // Long enough for a clock that ticks in hundredths.
      while (thread.getCurrentThreadCpuTime() - before < 500_000_000L) {
        List<Digest> hashes = leaves.stream().map(MerkleTree::leafHash).toList();
        log = log.with(hashes);
        hashed += hashes.size();
      }
      log.root();
      if (round > 0) {
        rates.add(hashed * 1e9 / (thread.getCurrentThreadCpuTime() - before));
      }
    }
    return List.copyOf(rates);
  }
}

package xyz.openledger.chainanchor.log;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * The roots of the full subtrees that a log of {@code size} leaves falls into, largest first: all
 * that is needed to append to it and to know its root, in at most 63 hashes.
 */
public record CompactRange(long size, List<Digest> peaks) {
  /** The log without leaves. */
  public static final CompactRange EMPTY = new CompactRange(0, List.of());

  /** Checks that the peaks are as many as the size has binary ones. */
  public CompactRange {
    peaks = List.copyOf(peaks);
    if (size < 0 || Long.bitCount(size) != peaks.size()) {
      throw new IllegalArgumentException(
          "a log of %d leaves has %d peaks, not %d"
              .formatted(size, Long.bitCount(size), peaks.size()));
    }
  }

  /** The range with these leaves after its own. */
  public CompactRange with(List<Digest> leafHashes) {
    var stack = new ArrayList<>(peaks);
    long count = size;
    for (Digest leafHash : leafHashes) {
      Digest hash = leafHash;
      for (long ones = count; (ones & 1) == 1; ones >>>= 1) {
        hash = MerkleTree.nodeHash(stack.removeLast(), hash);
      }
      stack.add(hash);
      count++;
    }
    return new CompactRange(count, stack);
  }

  /** The RFC 9162 root. */
  public Digest root() {
    if (peaks.isEmpty()) {
      return MerkleTree.EMPTY;
    }
    Digest hash = peaks.getLast();
    for (int i = peaks.size() - 2; i >= 0; i--) {
      hash = MerkleTree.nodeHash(peaks.get(i), hash);
    }
    return hash;
  }
}

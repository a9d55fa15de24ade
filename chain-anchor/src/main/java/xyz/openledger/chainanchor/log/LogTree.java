package xyz.openledger.chainanchor.log;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * Proofs for any size the log ever had, from the hashes of full subtrees (RFC 9162, 2.1). Each
 * takes O(log² n) reads at most and hashes nothing that was stored.
 */
public record LogTree(NodeSource nodes) {

  /** The root of the first {@code size} leaves. */
  public Digest root(long size) {
    return size == 0 ? MerkleTree.EMPTY : hash(0, size);
  }

  /**
   * The path from leaf {@code index} to the root of the first {@code size} leaves, lowest sibling
   * first.
   *
   * @throws IndexOutOfBoundsException if the leaf is not among them
   */
  public List<Digest> inclusionProof(long index, long size) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("no leaf " + index + " among " + size);
    }
    var proof = new ArrayList<Digest>();
    long begin = 0;
    long end = size;
    while (end - begin > 1) {
      long middle = begin + split(end - begin);
      if (index < middle) {
        proof.addFirst(hash(middle, end));
        end = middle;
      } else {
        proof.addFirst(hash(begin, middle));
        begin = middle;
      }
    }
    return proof;
  }

  /**
   * The proof that the tree of {@code from} leaves is a prefix of the one of {@code to}. Empty if
   * either is the other or nothing.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to}
   */
  public List<Digest> consistencyProof(long from, long to) {
    if (from < 0 || from > to) {
      throw new IndexOutOfBoundsException("no prefix of " + from + " in " + to);
    }
    var proof = new ArrayList<Digest>();
    if (from == 0 || from == to) {
      return proof;
    }
    long begin = 0;
    long end = to;
    while (end != from) {
      long middle = begin + split(end - begin);
      if (from <= middle) {
        proof.addFirst(hash(middle, end));
        end = middle;
      } else {
        proof.addFirst(hash(begin, middle));
        begin = middle;
      }
    }
    // A prefix that is a full subtree from the left edge is known to the verifier: its root is the
    // old root.
    if (begin != 0) {
      proof.addFirst(hash(begin, end));
    }
    return proof;
  }

  /**
   * The hash over the leaves from {@code begin} to before {@code end}, where {@code begin} is
   * aligned to the split.
   */
  private Digest hash(long begin, long end) {
    long count = end - begin;
    if (Long.bitCount(count) == 1) {
      int level = Long.numberOfTrailingZeros(count);
      return nodes.get(level, begin >>> level);
    }
    long middle = begin + split(count);
    return MerkleTree.nodeHash(hash(begin, middle), hash(middle, end));
  }

  /** The largest power of two below {@code count}. */
  private static long split(long count) {
    return Long.highestOneBit(count - 1);
  }
}

package xyz.openledger.protocol.merkle;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.Digest;

/**
 * RFC 9162, section 2: roots, inclusion proofs and consistency proofs, as functions on lists of
 * leaf hashes. Trees that grow on disk keep their inner nodes elsewhere; this is what they must
 * agree with.
 *
 * <pre>
 *   leaf  SHA-256(0x00 ‖ bytes)         node  SHA-256(0x01 ‖ left ‖ right)
 *
 *   a tree of n leaves splits at the largest power of two below n:
 *
 *            root
 *           /    \
 *        k = 4    3 leaves
 * </pre>
 */
public final class MerkleTree {
  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  /** The root of no leaves at all. */
  public static final Digest EMPTY = Digest.of();

  private MerkleTree() {}

  /** The hash of a leaf. */
  public static Digest leafHash(byte[] leaf) {
    return Digest.of(LEAF, leaf);
  }

  /** The hash of an inner node. */
  public static Digest nodeHash(Digest left, Digest right) {
    return Digest.of(NODE, left.bytes(), right.bytes());
  }

  /** The root over leaf hashes, in order. */
  public static Digest root(List<Digest> leaves) {
    return switch (leaves.size()) {
      case 0 -> EMPTY;
      case 1 -> leaves.getFirst();
      default -> {
        int k = split(leaves.size());
        yield nodeHash(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
      }
    };
  }

  /** The path from leaf {@code index} to the root, lowest sibling first (RFC 9162, 2.1.3.1). */
  public static List<Digest> inclusionProof(List<Digest> leaves, int index) {
    if (index < 0 || index >= leaves.size()) {
      throw new IndexOutOfBoundsException("no leaf " + index + " in a tree of " + leaves.size());
    }
    var path = new ArrayList<Digest>();
    while (leaves.size() > 1) {
      int k = split(leaves.size());
      List<Digest> left = leaves.subList(0, k);
      List<Digest> right = leaves.subList(k, leaves.size());
      path.addFirst(index < k ? root(right) : root(left));
      leaves = index < k ? left : right;
      index = index < k ? index : index - k;
    }
    return path;
  }

  /**
   * The paths of all leaves, in order; each is what {@link #inclusionProof} gives. Hashes every
   * inner node once.
   */
  public static List<List<Digest>> inclusionProofs(List<Digest> leaves) {
    var paths = new ArrayList<List<Digest>>(leaves.size());
    leaves.forEach(_ -> paths.add(new ArrayList<>()));
    if (!leaves.isEmpty()) {
      extend(leaves, paths);
    }
    return paths;
  }

  /** Gives each leaf the root of the half it is not in, and answers the root of both. */
  private static Digest extend(List<Digest> leaves, List<List<Digest>> paths) {
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = split(leaves.size());
    List<List<Digest>> lefts = paths.subList(0, k);
    List<List<Digest>> rights = paths.subList(k, leaves.size());
    Digest left = extend(leaves.subList(0, k), lefts);
    Digest right = extend(leaves.subList(k, leaves.size()), rights);
    lefts.forEach(path -> path.add(right));
    rights.forEach(path -> path.add(left));
    return nodeHash(left, right);
  }

  /** Proof that the first {@code size} leaves are a prefix of all of them (RFC 9162, 2.1.4.1). */
  public static List<Digest> consistencyProof(List<Digest> leaves, int size) {
    if (size < 0 || size > leaves.size()) {
      throw new IndexOutOfBoundsException("no prefix of " + size + " in " + leaves.size());
    }
    var proof = new ArrayList<Digest>();
    if (size > 0) {
      consistency(leaves, size, true, proof);
    }
    return proof;
  }

  /**
   * Whether {@code leaf} is number {@code index} of the tree of {@code size} leaves under {@code
   * root}.
   */
  public static boolean verifyInclusion(
      Digest leaf, long index, long size, List<Digest> proof, Digest root) {
    if (index < 0 || index >= size) {
      return false;
    }
    long node = index;
    long last = size - 1;
    Digest hash = leaf;
    for (Digest sibling : proof) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = nodeHash(sibling, hash);
        // A right edge without sibling on its level climbs until it has one.
        while ((node & 1) == 0 && node != 0) {
          node >>>= 1;
          last >>>= 1;
        }
      } else {
        hash = nodeHash(hash, sibling);
      }
      node >>>= 1;
      last >>>= 1;
    }
    return last == 0 && hash.equals(root);
  }

  /**
   * Whether the tree of {@code size1} leaves under {@code root1} is a prefix of the one of {@code
   * size2}.
   */
  public static boolean verifyConsistency(
      long size1, Digest root1, long size2, Digest root2, List<Digest> proof) {
    if (size1 < 0 || size1 > size2) {
      return false;
    }
    if (size1 == 0) {
      return proof.isEmpty() && root1.equals(EMPTY);
    }
    if (size1 == size2) {
      return proof.isEmpty() && root1.equals(root2);
    }
    var path = new ArrayList<>(proof);
    if (Long.bitCount(size1) == 1) {
      path.addFirst(root1);
    }
    return !path.isEmpty() && folds(size1, root1, size2, root2, path);
  }

  private static boolean folds(
      long size1, Digest root1, long size2, Digest root2, List<Digest> path) {
    long node = size1 - 1;
    long last = size2 - 1;
    while ((node & 1) == 1) {
      node >>>= 1;
      last >>>= 1;
    }
    Digest old = path.getFirst();
    Digest now = path.getFirst();
    for (Digest sibling : path.subList(1, path.size())) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        old = nodeHash(sibling, old);
        now = nodeHash(sibling, now);
        while ((node & 1) == 0 && node != 0) {
          node >>>= 1;
          last >>>= 1;
        }
      } else {
        now = nodeHash(now, sibling);
      }
      node >>>= 1;
      last >>>= 1;
    }
    return last == 0 && old.equals(root1) && now.equals(root2);
  }

  private static void consistency(
      List<Digest> leaves, int size, boolean whole, List<Digest> proof) {
    if (size == leaves.size()) {
      if (!whole) {
        proof.add(root(leaves));
      }
      return;
    }
    int k = split(leaves.size());
    List<Digest> left = leaves.subList(0, k);
    List<Digest> right = leaves.subList(k, leaves.size());
    if (size <= k) {
      consistency(left, size, whole, proof);
      proof.add(root(right));
    } else {
      consistency(right, size - k, false, proof);
      proof.add(root(left));
    }
  }

  private static int split(int size) {
    return Integer.highestOneBit(size - 1);
  }
}

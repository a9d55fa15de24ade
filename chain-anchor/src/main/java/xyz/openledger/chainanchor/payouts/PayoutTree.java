package xyz.openledger.chainanchor.payouts;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.keys.Keccak;

/**
 * The Merkle tree that an epoch's payouts are claimed by: OpenZeppelin's StandardMerkleTree of
 * {@code (address, uint256)}, so that npm's {@code @openzeppelin/merkle-tree} rebuilds it from the
 * published amounts and the {@code MerkleProof} library checks it.
 *
 * <pre>
 *   leaf   keccak(keccak(abi.encode(address account, uint256 cumulativeWei)))
 *   node   keccak(min(a, b) ‖ max(a, b))
 *
 *   the leaves, sorted by hash, stand in reverse at the end of an array of 2n − 1 nodes;
 *   node i has the children 2i + 1 and 2i + 2, the root is node 0
 * </pre>
 */
public final class PayoutTree {
  private static final int WORD = 32;
  private static final BigInteger WEI_PER_NANO_OPEN = BigInteger.valueOf(1_000_000_000);

  private final byte[][] nodes;
  private final Map<String, Integer> positions;

  private PayoutTree(byte[][] nodes, Map<String, Integer> positions) {
    this.nodes = nodes;
    this.positions = positions;
  }

  /**
   * The tree over what each payee was ever paid out.
   *
   * @param cumulativeNanoOpen by lower-case {@code 0x} address; at least one
   */
  public static PayoutTree of(SortedMap<String, Long> cumulativeNanoOpen) {
    if (cumulativeNanoOpen.isEmpty()) {
      throw new IllegalArgumentException("a payout tree has at least one payee");
    }
    var leaves = new TreeMap<byte[], String>(Arrays::compareUnsigned);
    cumulativeNanoOpen.forEach((payee, nano) -> leaves.put(leafHash(payee, nano), payee));

    var nodes = new byte[2 * leaves.size() - 1][];
    var positions = new HashMap<String, Integer>();
    int position = nodes.length;
    for (var leaf : leaves.entrySet()) {
      position--;
      nodes[position] = leaf.getKey();
      positions.put(leaf.getValue(), position);
    }
    for (int i = nodes.length - 1 - leaves.size(); i >= 0; i--) {
      nodes[i] = nodeHash(nodes[2 * i + 1], nodes[2 * i + 2]);
    }
    return new PayoutTree(nodes, positions);
  }

  /** What the contract counts in: 10⁻¹⁸ OPEN. */
  public static BigInteger wei(long nanoOpen) {
    return BigInteger.valueOf(nanoOpen).multiply(WEI_PER_NANO_OPEN);
  }

  /** The root, 32 bytes. */
  public byte[] root() {
    return nodes[0].clone();
  }

  /** The root as {@code 0x} and 64 hex digits. */
  public String rootHex() {
    return "0x" + HexFormat.of().formatHex(nodes[0]);
  }

  /**
   * The path from a payee's leaf to the root, lowest first.
   *
   * @throws IllegalArgumentException if the payee is not in the tree
   */
  public List<byte[]> proof(String payee) {
    Integer position = positions.get(payee);
    if (position == null) {
      throw new IllegalArgumentException("no payouts for " + payee);
    }
    var proof = new ArrayList<byte[]>();
    for (int i = position; i > 0; i = (i - 1) / 2) {
      proof.add(nodes[i % 2 == 0 ? i - 1 : i + 1].clone());
    }
    return proof;
  }

  /** Whether the proof leads from the payee's amount to the root: what the contract computes. */
  public static boolean verify(byte[] root, String payee, long nanoOpen, List<byte[]> proof) {
    byte[] hash = leafHash(payee, nanoOpen);
    for (byte[] sibling : proof) {
      hash = nodeHash(hash, sibling);
    }
    return Arrays.equals(hash, root);
  }

  static byte[] leafHash(String payee, long nanoOpen) {
    byte[] words = new byte[2 * WORD];
    byte[] address = Address.parse(payee).bytes();
    System.arraycopy(address, 0, words, WORD - address.length, address.length);
    byte[] amount = wei(nanoOpen).toByteArray();
    System.arraycopy(amount, 0, words, 2 * WORD - amount.length, amount.length);
    return Keccak.hash(Keccak.hash(words));
  }

  private static byte[] nodeHash(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b) < 0 ? Keccak.hash(a, b) : Keccak.hash(b, a);
  }
}

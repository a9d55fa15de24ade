package xyz.openledger.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import xyz.openledger.protocol.keys.Keccak;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * What a node says under its own key: this replica, of that task, came to that outcome. Statements
 * made together are leaves of one RFC 9162 tree, and the node signs its root by EIP-712, because
 * only that can be judged on chain.
 *
 * <pre>
 *   leaf   abi.encode(bytes32 replica, bytes32 task, bytes32 outcome, uint64 fence)
 *   root   signed as ResultBatch(bytes32 nodeId, bytes32 root, uint32 count)
 * </pre>
 *
 * @param task the {@link TaskIdentity}; of work whose honest runs may differ, {@link #oneRun}
 * @param outcome the {@link Outcome#digest()}
 */
public record ResultStatement(ReplicaId replica, Digest task, Digest outcome, long fence) {
  /** The most statements under one signature. */
  public static final int BATCH_MAX = 256;

  private static final byte[] BATCH_TYPE =
      Keccak.hash(ascii("ResultBatch(bytes32 nodeId,bytes32 root,uint32 count)"));
  private static final byte[] DOMAIN_TYPE =
      Keccak.hash(
          ascii(
              "EIP712Domain(string name,string version,uint256 chainId,address"
                  + " verifyingContract)"));
  private static final byte[] NAME = Keccak.hash(ascii("OpenLedger"));
  private static final byte[] VERSION = Keccak.hash(ascii("1"));

  /**
   * What a statement names instead of a task whose honest runs may differ: this run alone. So no
   * two of them speak of one task, and a court finds no contradiction in them.
   *
   * @param task the {@link TaskIdentity}
   */
  public static Digest oneRun(Digest task, ReplicaId replica, long fence) {
    return Domain.of("run").digest(task).text(replica.toString()).int64(fence).digest();
  }

  /**
   * What a node signed of a replica: of its run alone if the signed root holds that, else of the
   * task.
   */
  public static ResultStatement signed(
      ReplicaId replica,
      Digest task,
      Outcome outcome,
      long fence,
      Receipt.SignedStatement statement) {
    var run = new ResultStatement(replica, oneRun(task, replica, fence), outcome.digest(), fence);
    return run.isIn(statement) ? run : new ResultStatement(replica, task, outcome.digest(), fence);
  }

  /** Whether it is a leaf under that root. */
  public boolean isIn(Receipt.SignedStatement statement) {
    return MerkleTree.verifyInclusion(
        leafHash(), statement.index(), statement.count(), statement.proof(), statement.root());
  }

  /** The bytes of the leaf. */
  public byte[] leaf() {
    return AbiWords.of(4)
        .digest(Domain.of("replica").text(replica.toString()).digest())
        .digest(task)
        .digest(outcome)
        .uint(fence)
        .encode();
  }

  /** The hash of the leaf. */
  public Digest leafHash() {
    return MerkleTree.leafHash(leaf());
  }

  /** Where signatures count: the chain, and the NodeRegistry on it. */
  public record Court(long chainId, Address registry) {
    byte[] separator() {
      return Keccak.hash(
          AbiWords.of(5)
              .bytes(DOMAIN_TYPE)
              .bytes(NAME)
              .bytes(VERSION)
              .uint(chainId)
              .address(registry)
              .encode());
    }
  }

  /** The root of a batch, in order. */
  public static Digest root(List<ResultStatement> batch) {
    return MerkleTree.root(batch.stream().map(ResultStatement::leafHash).toList());
  }

  /** The EIP-712 hash that the node signs. */
  public static byte[] hash(Court court, NodeId node, Digest root, int count) {
    byte[] struct =
        Keccak.hash(
            AbiWords.of(4).bytes(BATCH_TYPE).bytes(node.bytes()).digest(root).uint(count).encode());
    return Keccak.hash(new byte[] {0x19, 0x01}, court.separator(), struct);
  }

  /** Who signed a batch; empty if the signature is malformed. */
  public static Optional<Address> signer(
      Court court, NodeId node, Digest root, int count, byte[] signature) {
    return Secp256k1Key.recover(hash(court, node, root, count), signature);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

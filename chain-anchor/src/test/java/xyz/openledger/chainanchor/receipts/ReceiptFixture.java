package xyz.openledger.chainanchor.receipts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.chainanchor.log.MemoryLogView;
import xyz.openledger.chainanchor.log.ReceiptLog;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.Anchor;
import xyz.openledger.protocol.api.ReceiptLevel;
import xyz.openledger.protocol.api.ReceiptProof;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.Secp256k1Key;

/** A log with a real receipt in it, and a chain that has it anchored. */
public final class ReceiptFixture {
  public static final String ORIGIN = "openledger.xyz/log/test";
  static final long CHAIN_ID = 901;
  static final Address ANCHOR_LOG = new Address("0x" + "a1".repeat(20));
  static final Address REGISTRY = new Address("0x" + "b2".repeat(20));
  static final Ed25519Key LOG_KEY = Ed25519Key.of(new byte[32]);
  public static final Secp256k1Key RESULT_KEY = Secp256k1Key.of(filled(7));
  public static final NodeId NODE = NodeId.of(new byte[32]);

  private static final TenantId TENANT = TenantId.parse("ada");
  private static final long RECEIPT_INDEX = 2;
  private static final long CHECKPOINT_SIZE = 5;
  private static final long ANCHORED_SIZE = 7;

  public final MemoryLogView log = new MemoryLogView();

  ReceiptFixture(Address registry) {
    this(registry, CHAIN_ID);
  }

  /** A log whose receipt is signed for the registry on that chain. */
  public ReceiptFixture(Address registry, long chainId) {
    var sequencer = new ReceiptLog(ORIGIN);
    append(
        sequencer, other(0), other(1), LogLeaf.of(receipt(registry, chainId)), other(3), other(4));
    append(sequencer, other(5), other(6));
  }

  public static LogKey logKey() {
    return LogKey.of(ORIGIN, LOG_KEY.publicKey());
  }

  private void append(ReceiptLog sequencer, LogLeaf... leaves) {
    take(sequencer, sequencer.append(List.of(leaves), log).event().orElseThrow());
    take(sequencer, sequencer.seal(LOG_KEY).orElseThrow());
  }

  private void take(ReceiptLog sequencer, LogEvent event) {
    sequencer.apply(event);
    log.apply(event);
  }

  /** The bundle as a member would hand it out. */
  public ReceiptProof bundle(String transaction, long block, Address contract, long chainId) {
    LogLeaf leaf = log.leaf(RECEIPT_INDEX);
    CheckpointNote note = log.checkpointFrom(RECEIPT_INDEX + 1).orElseThrow();
    return new ReceiptProof(
        1,
        Json.tree(leaf.document().getBytes(StandardCharsets.UTF_8)),
        leaf.leafHex(),
        RECEIPT_INDEX,
        CHECKPOINT_SIZE,
        log.tree().inclusionProof(RECEIPT_INDEX, CHECKPOINT_SIZE),
        note.text(),
        new Anchor(
            ANCHORED_SIZE,
            log.tree().root(ANCHORED_SIZE),
            ReceiptLevel.SAFE,
            chainId,
            contract,
            transaction,
            block,
            null),
        log.tree().consistencyProof(CHECKPOINT_SIZE, ANCHORED_SIZE));
  }

  byte[] bundle() {
    return Json.write(bundle(transaction(), 77, ANCHOR_LOG, CHAIN_ID));
  }

  static String transaction() {
    return "0x" + "c3".repeat(32);
  }

  /** A chain that has the anchored checkpoint and the node's key. */
  ChainWitness chain() {
    return new ChainWitness() {
      @Override
      public long chainId() {
        return CHAIN_ID;
      }

      @Override
      public Address anchorLog() {
        return ANCHOR_LOG;
      }

      @Override
      public Digest originHash() {
        return Digest.of(ORIGIN.getBytes(StandardCharsets.UTF_8));
      }

      @Override
      public Optional<Anchored> checkpoint(long size) {
        return size == ANCHORED_SIZE
            ? Optional.of(
                new Anchored(log.tree().root(ANCHORED_SIZE), transaction(), 77, ReceiptLevel.SAFE))
            : Optional.empty();
      }

      @Override
      public Optional<Address> registry() {
        return Optional.of(REGISTRY);
      }

      @Override
      public Optional<Address> resultKey(NodeId node) {
        return node.equals(NODE) ? Optional.of(RESULT_KEY.address()) : Optional.empty();
      }
    };
  }

  static Receipt receipt(Address registry, long chainId) {
    var job = JobId.of(TENANT, "first");
    var replica = ReplicaId.parse(job + "/0/r0");
    var task = Domain.of("test-task").digest();
    var outcome = new Outcome(Outcome.Status.FINISHED, 0, 42, Digest.of(new byte[] {1}), 1);
    return new Receipt(
        Receipt.VERSION,
        Receipt.Kind.RESULT,
        job,
        0,
        TENANT,
        Digest.of(new byte[] {2}),
        0,
        Receipt.NO_RULES,
        new Policy.Verification(Policy.Method.TRUSTED, null),
        null,
        List.of(
            new Receipt.TaskReceipt(
                0,
                task,
                outcome,
                List.of(
                    new Receipt.ReplicaReceipt(
                        replica,
                        NODE,
                        RESULT_KEY.address(),
                        PoolId.of("ada", "edge"),
                        9,
                        Receipt.Standing.ACCEPTED,
                        outcome,
                        statement(replica, task, outcome, registry, chainId),
                        1_000,
                        1,
                        "eu",
                        120)))),
        1,
        1_000,
        2_000);
  }

  private static Receipt.SignedStatement statement(
      ReplicaId replica, Digest task, Outcome outcome, Address registry, long chainId) {
    var statements = List.of(new ResultStatement(replica, task, outcome.digest(), 9));
    var root = ResultStatement.root(statements);
    var court = new ResultStatement.Court(chainId, registry);
    byte[] signature = RESULT_KEY.sign(ResultStatement.hash(court, NODE, root, 1));
    return new Receipt.SignedStatement(root, 1, 0, List.of(), HexFormat.of().formatHex(signature));
  }

  private static LogLeaf other(int number) {
    return new LogLeaf("other/" + number, "%04x".formatted(number), "{}");
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}

package xyz.openledger.chainanchor.receipts;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.ReplicaReceipt;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.api.ReceiptProof;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * What convicts a node before the DisputeCourt contract: it signed an outcome, and an anchored
 * receipt accepted another one of the same task. Anybody who has the receipt can make it, and bring
 * it; nothing in it is a secret, and nothing of it is taken at its word.
 *
 * @param version of this format; 1
 * @param node who is accused
 * @param said what it signed
 * @param accepted what refutes it
 */
public record Accusation(int version, NodeId node, Said said, Accepted accepted) {
  private static final int VERSION = 1;
  private static final int STATEMENT_HEX = 2 * 4 * 32;
  private static final int PATH_MAX = 64;
  private static final int SIGNATURE_HEX = 130;
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]*");

  /**
   * A statement, and the node's signature that reaches it.
   *
   * @param leaf the statement, hex
   * @param signature 65 bytes, hex
   */
  public record Said(
      String leaf, long index, List<Digest> proof, Digest root, int count, String signature) {
    /** Checks the form. */
    public Said {
      statement("said.leaf", leaf);
      proof = path("said.proof", proof);
      Check.present("said.root", root);
      if (Check.present("said.signature", signature).length() != SIGNATURE_HEX
          || !HEX.matcher(signature).matches()) {
        throw Check.refusal("said.signature", "is not 65 bytes in hex");
      }
    }
  }

  /**
   * An accepted statement, and the way from the anchored log to it.
   *
   * @param receipt the receipt's leaf, hex
   * @param atSize the size of the anchored log
   * @param leaf the statement, hex
   */
  public record Accepted(
      String receipt,
      long index,
      long atSize,
      List<Digest> proof,
      String leaf,
      long leafIndex,
      long leafCount,
      List<Digest> leafProof) {
    /** Checks the form. */
    public Accepted {
      Check.text("accepted.receipt", receipt, 8_192);
      proof = path("accepted.proof", proof);
      statement("accepted.leaf", leaf);
      leafProof = path("accepted.leafProof", leafProof);
    }
  }

  /** Checks the form. */
  public Accusation {
    Check.range("version", version, VERSION, VERSION);
    Check.present("node", node);
    Check.present("said", said);
    Check.present("accepted", accepted);
  }

  private static void statement(String field, String hex) {
    if (Check.present(field, hex).length() != STATEMENT_HEX || !HEX.matcher(hex).matches()) {
      throw Check.refusal(field, "a statement has 128 bytes, in hex");
    }
  }

  private static List<Digest> path(String field, List<Digest> proof) {
    return List.copyOf(Check.size(field, Check.present(field, proof), 0, PATH_MAX));
  }

  /** The replicas of a receipt that can be accused by it. */
  public static List<ReplicaId> accusable(Receipt receipt) {
    var found = new ArrayList<ReplicaId>();
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      for (ReplicaReceipt replica : task.replicas()) {
        if (contradicted(task, replica) && refuting(receipt, task, replica) != null) {
          found.add(replica.replica());
        }
      }
    }
    return found;
  }

  /**
   * The accusation of one replica.
   *
   * @param proof the receipt, proven to be in the log as of its latest anchored checkpoint
   * @throws xyz.openledger.protocol.ProblemException if the receipt does not refute that replica
   */
  public static Accusation of(ReceiptProof proof, ReplicaId accused) {
    Receipt receipt = Json.read(proof.document(), Receipt.class);
    var leaves = new ArrayList<Digest>();
    byte[] said = null;
    byte[] accepted = null;
    int acceptedIndex = 0;
    ReplicaReceipt liar = null;
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      ReplicaReceipt named =
          task.replicas().stream()
              .filter(it -> it.replica().equals(accused) && contradicted(task, it))
              .findFirst()
              .orElse(null);
      ReplicaReceipt against = named == null ? null : refuting(receipt, task, named);
      for (ReplicaReceipt replica : task.replicas()) {
        byte[] statement = statement(task, replica);
        if (statement == null) {
          continue;
        }
        if (replica.equals(named)) {
          liar = named;
          said = statement;
        }
        if (replica.equals(against)) {
          accepted = statement;
          acceptedIndex = leaves.size();
        }
        if (receipt.isEvidence(replica)) {
          leaves.add(MerkleTree.leafHash(statement));
        }
      }
    }
    if (liar == null
        || said == null
        || accepted == null
        || receipt.version() < Receipt.EXACT_EVIDENCE) {
      throw Check.refusal(
          "replica",
          "the receipt does not refute what a registered node signed for %s: receipts do from version"
                  .formatted(accused)
              + " %d on, and where outcomes are compared bit by bit"
                  .formatted(Receipt.EXACT_EVIDENCE));
    }
    Receipt.SignedStatement signed = liar.statement();
    if (signed == null) {
      throw Check.refusal("replica", accused + " has no signed statement");
    }
    return new Accusation(
        VERSION,
        liar.node(),
        new Said(
            HexFormat.of().formatHex(said),
            signed.index(),
            signed.proof(),
            signed.root(),
            signed.count(),
            signed.signature()),
        new Accepted(
            proof.leaf(),
            proof.index(),
            proof.size(),
            proof.inclusion(),
            HexFormat.of().formatHex(accepted),
            acceptedIndex,
            leaves.size(),
            MerkleTree.inclusionProofs(leaves).get(acceptedIndex)));
  }

  private static boolean contradicted(Receipt.TaskReceipt task, ReplicaReceipt replica) {
    return replica.standing() == Standing.REJECTED
        && replica.statement() != null
        && replica.outcome() != null
        && task.outcome() != null
        && !replica.outcome().equals(task.outcome());
  }

  /** The first that was accepted, bit by bit, and said otherwise. */
  private static @Nullable ReplicaReceipt refuting(
      Receipt receipt, Receipt.TaskReceipt task, ReplicaReceipt accused) {
    return task.replicas().stream()
        .filter(it -> it.standing() == Standing.ACCEPTED && receipt.isEvidence(it))
        .filter(it -> it.outcome() != null && !it.outcome().equals(accused.outcome()))
        .findFirst()
        .orElse(null);
  }

  private static byte @Nullable [] statement(Receipt.TaskReceipt task, ReplicaReceipt replica) {
    Outcome outcome = replica.outcome();
    return outcome == null || replica.statement() == null
        ? null
        : new ResultStatement(replica.replica(), task.task(), outcome.digest(), replica.fence())
            .leaf();
  }
}

package xyz.openledger.chainanchor.receipts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.receipts.Accusation.Said;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.ReplicaReceipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * What convicts a node before the DisputeCourt contract without any receipt: it signed two outcomes
 * of one task. Anybody can check it and bring it.
 *
 * @param version of this format; 1
 * @param node who is accused
 */
public record Equivocation(int version, NodeId node, Said first, Said second) {
  private static final int VERSION = 1;
  private static final int WORD_HEX = 64;

  /** Checks the form, and that the two contradict each other. */
  public Equivocation {
    Check.range("version", version, VERSION, VERSION);
    Check.present("node", node);
    Check.present("first", first);
    Check.present("second", second);
    if (!word(first, 1).equals(word(second, 1))) {
      throw Check.refusal("second", "speaks of another task than the first");
    }
    if (word(first, 2).equals(word(second, 2))) {
      throw Check.refusal("second", "states the same outcome as the first");
    }
  }

  /** In words of 32 bytes: the replica, the task, the outcome, the fence. */
  private static String word(Said said, int index) {
    return said.leaf().substring(index * WORD_HEX, (index + 1) * WORD_HEX);
  }

  /**
   * One of the two.
   *
   * @param task the identity of the task
   */
  public static Said said(
      ReplicaId replica,
      Digest task,
      Outcome outcome,
      long fence,
      Receipt.SignedStatement statement) {
    return new Said(
        HexFormat.of()
            .formatHex(ResultStatement.signed(replica, task, outcome, fence, statement).leaf()),
        statement.index(),
        statement.proof(),
        statement.root(),
        statement.count(),
        statement.signature());
  }

  /** What two outcomes that one node signed come to. */
  public static Equivocation of(NodeId node, Said first, Said second) {
    return new Equivocation(VERSION, node, first, second);
  }

  /**
   * The first that two receipts together show. What was not compared bit by bit shows nothing:
   * within a tolerance, by likeness, and where one node was trusted, honest answers may differ.
   */
  public static Optional<Equivocation> between(Receipt one, Receipt other) {
    for (Signed left : signed(one)) {
      for (Signed right : signed(other)) {
        if (left.node().equals(right.node())
            && word(left.said(), 1).equals(word(right.said(), 1))
            && !left.outcome().equals(right.outcome())) {
          return Optional.of(of(left.node(), left.said(), right.said()));
        }
      }
    }
    return Optional.empty();
  }

  private record Signed(NodeId node, Outcome outcome, Said said) {}

  private static List<Signed> signed(Receipt receipt) {
    var all = new ArrayList<Signed>();
    if (!receipt.verification().comparesBits()) {
      return all;
    }
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      for (ReplicaReceipt replica : task.replicas()) {
        Outcome outcome = replica.outcome();
        Receipt.SignedStatement statement = replica.statement();
        if (outcome != null && statement != null) {
          all.add(
              new Signed(
                  replica.node(),
                  outcome,
                  said(replica.replica(), task.task(), outcome, replica.fence(), statement)));
        }
      }
    }
    return all;
  }

  /**
   * Why a court would not take it; null if it would.
   *
   * @param court where the node's signatures count
   * @param resultKey the node's, as it is registered
   */
  public @Nullable String fault(ResultStatement.Court court, Address resultKey) {
    for (Said said : List.of(first, second)) {
      byte[] leaf = HexFormat.of().parseHex(said.leaf());
      if (!MerkleTree.verifyInclusion(
          MerkleTree.leafHash(leaf), said.index(), said.count(), said.proof(), said.root())) {
        return "a statement is not in the batch that was signed";
      }
      String hex = said.signature();
      byte[] signature = HexFormat.of().parseHex(hex.startsWith("0x") ? hex.substring(2) : hex);
      if (!ResultStatement.signer(court, node, said.root(), said.count(), signature)
          .filter(resultKey::equals)
          .isPresent()) {
        return "a batch is not signed by the node's key for this chain and registry";
      }
    }
    return null;
  }

  /** Names it: the same two statements in whatever order have one name. */
  public Digest name() {
    String[] leaves = {first.leaf(), second.leaf()};
    Arrays.sort(leaves);
    return Digest.of(HexFormat.of().parseHex(leaves[0] + leaves[1]));
  }
}

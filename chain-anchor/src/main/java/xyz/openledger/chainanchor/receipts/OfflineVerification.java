package xyz.openledger.chainanchor.receipts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.log.Checkpoint;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * Checks a receipt from a trusted start: a contract on a chain, or a log key that was pinned. No
 * member is asked, and nothing in the bundle is believed.
 *
 * <pre>
 *   document ─▶ leaf ─▶ inclusion ─▶ checkpoint ─▶ signature of the pinned key
 *                                        └───────▶ consistency ─▶ root on the chain
 * </pre>
 */
public final class OfflineVerification {
  private OfflineVerification() {}

  /**
   * What may be trusted. At least one of the two is there.
   *
   * @param logKey pinned before; null for none
   * @param chain the contract's word; null for none
   */
  public record Trust(@Nullable LogKey logKey, @Nullable AnchoredRoots chain) {
    /** Checks that there is something to start from. */
    public Trust {
      if (logKey == null && chain == null) {
        throw new IllegalArgumentException("a receipt is checked against a chain or a pinned key");
      }
    }
  }

  /**
   * All checks that can be made, in order; the receipt is good if each of them holds.
   *
   * @throws IOException if the chain does not answer: nothing is known then
   */
  public static List<Finding> verify(Bundle bundle, Trust trust) throws IOException {
    var findings = new ArrayList<Finding>();
    byte[] leaf = leaf(bundle.leafHex());
    findings.add(document(bundle, leaf));
    findings.add(content(bundle, leaf));
    findings.add(statements(bundle));
    Checkpoint checkpoint = checkpoint(bundle.note());
    findings.add(inclusion(bundle, leaf, checkpoint));
    LogKey key = trust.logKey();
    if (key != null) {
      findings.add(signature(bundle.note(), key));
    }
    AnchoredRoots chain = trust.chain();
    if (chain != null) {
      findings.add(anchored(bundle, checkpoint, chain));
    }
    return findings;
  }

  private static Finding document(Bundle bundle, byte[] leaf) {
    Digest digest = Digest.of(Json.canonical(bundle.document()));
    boolean holds =
        leaf.length >= Digest.BYTES
            && Digest.wrap(Arrays.copyOfRange(leaf, leaf.length - Digest.BYTES, leaf.length))
                .equals(digest);
    return new Finding(
        "document", holds, holds ? "its digest stands in the leaf" : "its digest is " + digest);
  }

  private static Finding content(Bundle bundle, byte[] leaf) {
    return attempt(
        "leaf",
        () ->
            Arrays.equals(receipt(bundle).leaf().encode(), leaf)
                ? holds("leaf", "nodes, results and evidence are those of the document")
                : fails("leaf", "the document makes another leaf"));
  }

  private static Finding statements(Bundle bundle) {
    return attempt(
        "statements",
        () -> {
          int count = 0;
          for (Receipt.TaskReceipt task : receipt(bundle).tasks()) {
            for (Receipt.ReplicaReceipt replica : task.replicas()) {
              Outcome said = replica.outcome();
              Receipt.SignedStatement signed = replica.statement();
              if (said == null || signed == null) {
                continue;
              }
              var statement =
                  new ResultStatement(
                      replica.replica(), task.task(), said.digest(), replica.fence());
              if (!MerkleTree.verifyInclusion(
                  statement.leafHash(),
                  signed.index(),
                  signed.count(),
                  signed.proof(),
                  signed.root())) {
                return fails(
                    "statements", replica.replica() + " is not under the root its node signed");
              }
              count++;
            }
          }
          return holds("statements", count + " results are under the roots that nodes signed");
        });
  }

  private static Finding inclusion(Bundle bundle, byte[] leaf, @Nullable Checkpoint checkpoint) {
    if (checkpoint == null) {
      return fails("inclusion", "the checkpoint is not a signed note");
    }
    boolean holds =
        MerkleTree.verifyInclusion(
            MerkleTree.leafHash(leaf),
            bundle.index(),
            checkpoint.size(),
            bundle.inclusion(),
            checkpoint.root());
    return new Finding(
        "inclusion",
        holds,
        "leaf %d of the log of %d%s"
            .formatted(
                bundle.index(), checkpoint.size(), holds ? "" : " is not what the proof says"));
  }

  private static Finding signature(String note, LogKey key) {
    return attempt(
        "checkpoint",
        () ->
            CheckpointNote.parse(note).isSignedBy(key)
                ? holds("checkpoint", "signed by the pinned key of " + key.name())
                : fails("checkpoint", "not signed by the pinned key of " + key.name()));
  }

  private static Finding anchored(
      Bundle bundle, @Nullable Checkpoint checkpoint, AnchoredRoots chain) throws IOException {
    Long size = bundle.anchoredSize();
    if (checkpoint == null || size == null) {
      return fails(
          "anchor", "no anchored checkpoint covers it yet; ask for the receipt again later");
    }
    Optional<Digest> root = chain.at(size);
    if (root.isEmpty()) {
      return fails("anchor", "the chain has no checkpoint of size " + size);
    }
    boolean holds =
        MerkleTree.verifyConsistency(
            checkpoint.size(), checkpoint.root(), size, root.get(), bundle.consistency());
    return new Finding(
        "anchor",
        holds,
        holds
            ? "the chain's checkpoint of size %d contains it".formatted(size)
            : "the chain's checkpoint of size %d is of another log".formatted(size));
  }

  private static Receipt receipt(Bundle bundle) {
    return Json.read(bundle.document(), Receipt.class);
  }

  private static @Nullable Checkpoint checkpoint(String note) {
    try {
      return CheckpointNote.parse(note).checkpoint();
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  private static byte[] leaf(String hex) {
    try {
      return HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException malformed) {
      return new byte[0];
    }
  }

  private static Finding attempt(String name, Supplier<Finding> check) {
    try {
      return check.get();
    } catch (ProblemException | IllegalArgumentException malformed) {
      return fails(name, "malformed: " + malformed.getMessage());
    }
  }

  private static Finding holds(String name, String detail) {
    return new Finding(name, true, detail);
  }

  private static Finding fails(String name, String detail) {
    return new Finding(name, false, detail);
  }
}

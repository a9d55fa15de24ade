package xyz.openledger.chainanchor.receipts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.chainanchor.receipts.ChainWitness.Anchored;
import xyz.openledger.chainanchor.receipts.Check.Outcome;
import xyz.openledger.chainanchor.receipts.ReceiptBundle.AnchorClaim;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * Verifies a receipt bundle from a {@link TrustedStart}. Each check carries the trust one step
 * further, from the outside in:
 *
 * <pre>
 *   chain ──anchor──▶ anchored root ──consistency──▶ ┐
 *   log key ──signature────────────────────────────▶ checkpoint ──inclusion──▶ leaf ──document──▶ receipt
 *   chain ──statements──▶ the nodes' signatures in the receipt
 * </pre>
 *
 * <p>Nothing in the bundle is taken at its word: what cannot be checked against the start is
 * refused, or named as skipped. The cheap checks come first, and the first that fails ends it.
 */
public final class ReceiptVerifier {
  /** The bundle is one, and nothing in it is beyond checking. */
  public static final String FORMAT = "format";

  /** The readable receipt is the one that the leaf stands for. */
  public static final String DOCUMENT = "document";

  /** The leaf is in the log, as of the checkpoint. */
  public static final String INCLUSION = "inclusion";

  /** The pinned key signed the checkpoint. */
  public static final String SIGNATURE = "signature";

  /** Each witness that was named cosigned the checkpoint. */
  public static final String WITNESSES = "witnesses";

  /** The contract was made for this log. */
  public static final String ORIGIN = "origin";

  /** The chain has the anchored checkpoint. */
  public static final String ANCHOR = "anchor";

  /** The anchored log begins with the checkpoint's. */
  public static final String CONSISTENCY = "consistency";

  /** The nodes signed what the receipt says they did, by the keys that the chain has for them. */
  public static final String STATEMENTS = "statements";

  private final TrustedStart start;
  private final List<Check> checks = new ArrayList<>();

  private ReceiptVerifier(TrustedStart start) {
    this.start = start;
  }

  /**
   * Verifies a bundle.
   *
   * @param bundle the JSON of a {@link xyz.openledger.protocol.api.ReceiptProof}, at most 4 MiB
   * @throws IOException if the chain does not answer
   */
  public static Verdict verify(byte[] bundle, TrustedStart start) throws IOException {
    var verifier = new ReceiptVerifier(start);
    var parsed = verifier.format(bundle);
    if (parsed.isPresent()) {
      try {
        verifier.run(parsed.get());
      } catch (NullPointerException missing) {
        // Where JSON lacks a field, the record read from it has null.
        verifier.report(FORMAT, false, "", "the document lacks a field");
      }
    }
    return new Verdict(verifier.checks);
  }

  /**
   * Whether the nodes signed what the receipt says they did, by the keys that {@code keys} knows.
   *
   * @throws IOException if it does not answer
   */
  public static Check statements(Receipt receipt, KeyWitness keys) throws IOException {
    return new StatementChecks(keys).check(receipt);
  }

  @SuppressWarnings("ArrayRecordComponent") // lives for one verification, and is never compared
  private record Parsed(ReceiptBundle bundle, Receipt receipt, byte[] leaf, CheckpointNote note) {}

  private void run(Parsed parsed) throws IOException {
    if (!document(parsed)
        || !inclusion(parsed)
        || !signature(parsed.note())
        || !witnesses(parsed.note())) {
      return;
    }
    if (start.chain().isEmpty()) {
      skip(ANCHOR, "no chain to compare with");
      return;
    }
    var chain = start.chain().get();
    if (origin(parsed.note(), chain)) {
      var anchored = anchor(parsed.bundle().anchor(), chain);
      if (anchored.isPresent() && consistency(parsed, anchored.get())) {
        checks.add(new StatementChecks(chain).check(parsed.receipt()));
      }
    }
  }

  private Optional<Parsed> format(byte[] json) {
    try {
      var bundle = ReceiptBundle.read(json);
      var receipt = Json.read(bundle.document(), Receipt.class);
      byte[] leaf = HexFormat.of().parseHex(bundle.leaf());
      if (!HexFormat.of().formatHex(leaf).equals(bundle.leaf())) {
        throw new IllegalArgumentException("leaf must be lower-case hex");
      }
      var note = CheckpointNote.parse(bundle.checkpoint());
      report(FORMAT, true, "a receipt bundle of version 1", "");
      return Optional.of(new Parsed(bundle, receipt, leaf, note));
    } catch (ProblemException refused) {
      String place = refused.field().isEmpty() ? "" : refused.field() + ": ";
      report(
          FORMAT,
          false,
          "",
          "no receipt as receipt show JOB -o json prints it: " + place + refused.detail());
    } catch (IllegalArgumentException refused) {
      report(FORMAT, false, "", String.valueOf(refused.getMessage()));
    }
    return Optional.empty();
  }

  private boolean document(Parsed parsed) {
    byte[] document = Json.canonical(parsed.bundle().document());
    // Reading and writing it again must change nothing: what is shown to people is what was hashed.
    boolean whole = Arrays.equals(document, parsed.receipt().canonical());
    return report(
        DOCUMENT,
        whole && Arrays.equals(parsed.receipt().leaf().encode(), parsed.leaf()),
        "the document is what the leaf stands for",
        "the document is not what the leaf stands for");
  }

  private boolean inclusion(Parsed parsed) {
    var bundle = parsed.bundle();
    var checkpoint = parsed.note().checkpoint();
    boolean included =
        bundle.size() == checkpoint.size()
            && MerkleTree.verifyInclusion(
                MerkleTree.leafHash(parsed.leaf()),
                bundle.index(),
                bundle.size(),
                bundle.inclusion(),
                checkpoint.root());
    return report(
        INCLUSION,
        included,
        "leaf %d of %d".formatted(bundle.index(), bundle.size()),
        "the proof does not lead from the leaf to the checkpoint's root");
  }

  private boolean signature(CheckpointNote note) {
    if (start.logKey().isEmpty()) {
      skip(SIGNATURE, "no log key is pinned; the chain decides");
      return true;
    }
    var key = start.logKey().get();
    return report(
        SIGNATURE,
        note.checkpoint().origin().equals(key.name()) && note.isSignedBy(key),
        "signed by " + key.name(),
        "the checkpoint is not signed by " + key.name());
  }

  private boolean witnesses(CheckpointNote note) {
    int others = note.signatures().size() - 1;
    if (start.witnesses().isEmpty()) {
      if (others > 0) {
        skip(WITNESSES, "%d cosignatures, and no witness key is named".formatted(others));
      }
      return true;
    }
    var seen = new ArrayList<String>();
    for (WitnessKey witness : start.witnesses()) {
      var time = witness.verify(note);
      if (time.isEmpty()) {
        return report(WITNESSES, false, "", "the checkpoint is not cosigned by " + witness.name());
      }
      seen.add(witness.name() + " at " + Instant.ofEpochSecond(time.getAsLong()));
    }
    return report(WITNESSES, true, "cosigned by " + String.join(", ", seen), "");
  }

  private boolean origin(CheckpointNote note, ChainWitness chain) throws IOException {
    String name = note.checkpoint().origin();
    return report(
        ORIGIN,
        Digest.of(name.getBytes(StandardCharsets.UTF_8)).equals(chain.originHash()),
        "the contract keeps the log " + name,
        "the contract keeps another log than " + name);
  }

  private Optional<Anchored> anchor(@Nullable AnchorClaim claim, ChainWitness chain)
      throws IOException {
    if (claim == null) {
      report(ANCHOR, false, "", "no anchored checkpoint is named; ask for the bundle again later");
      return Optional.empty();
    }
    var found = chain.checkpoint(claim.size());
    String fault =
        found.isEmpty()
            ? "the chain has no checkpoint of size " + claim.size()
            : contradiction(claim, found.get(), chain);
    String place =
        found
            .map(anchored -> "block %d, %s".formatted(anchored.block(), word(anchored)))
            .orElse("");
    boolean holds =
        report(ANCHOR, fault.isEmpty(), "size %d in %s".formatted(claim.size(), place), fault);
    return holds ? found : Optional.empty();
  }

  /** What the bundle says of the anchor and the chain does not; empty if nothing. */
  private static String contradiction(AnchorClaim claim, Anchored found, ChainWitness chain) {
    if (!claim.root().equals(found.root())) {
      return "the chain has another root at size " + claim.size();
    }
    if (claim.chainId() != null && claim.chainId() != chain.chainId()) {
      return "the bundle names chain %d, this is %d".formatted(claim.chainId(), chain.chainId());
    }
    if (claim.contract() != null && !claim.contract().equals(chain.anchorLog().value())) {
      return "the bundle names contract %s, the trusted one is %s"
          .formatted(claim.contract(), chain.anchorLog());
    }
    if (claim.transaction() != null && !claim.transaction().equals(found.transaction())) {
      return "the checkpoint came by transaction " + found.transaction();
    }
    if (claim.block() != null && claim.block() != found.block()) {
      return "the checkpoint is in block " + found.block();
    }
    return claim.level().compareTo(found.level()) > 0
        ? "the checkpoint is no further than " + word(found)
        : "";
  }

  private boolean consistency(Parsed parsed, Anchored anchored) {
    var checkpoint = parsed.note().checkpoint();
    AnchorClaim claim = parsed.bundle().anchor();
    return report(
        CONSISTENCY,
        claim != null
            && MerkleTree.verifyConsistency(
                checkpoint.size(),
                checkpoint.root(),
                claim.size(),
                anchored.root(),
                parsed.bundle().consistency()),
        "the anchored log begins with the checkpoint's",
        "the proof does not lead from the checkpoint to the anchored one");
  }

  private static String word(Anchored anchored) {
    return anchored.level().name().toLowerCase(Locale.ROOT);
  }

  private boolean report(String name, boolean holds, String passed, String failed) {
    checks.add(new Check(name, holds ? Outcome.PASSED : Outcome.FAILED, holds ? passed : failed));
    return holds;
  }

  private void skip(String name, String reason) {
    checks.add(new Check(name, Outcome.SKIPPED, reason));
  }
}

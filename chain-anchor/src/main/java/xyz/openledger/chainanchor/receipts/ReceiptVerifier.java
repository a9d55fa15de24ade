package xyz.openledger.chainanchor.receipts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.receipts.Check.Outcome;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.Anchor;
import xyz.openledger.protocol.api.ReceiptProof;
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
 * <p>Checks, in the order in which they are made: {@code format}, {@code document}, {@code
 * inclusion}, {@code signature}, {@code origin}, {@code anchor}, {@code consistency}, {@code
 * statements}. Nothing in the bundle is taken at its word: what cannot be checked against the start
 * is refused, or named as skipped.
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

  /** The contract was made for this log. */
  public static final String ORIGIN = "origin";

  /** The chain has the anchored checkpoint. */
  public static final String ANCHOR = "anchor";

  /** The anchored log begins with the checkpoint's. */
  public static final String CONSISTENCY = "consistency";

  /** The nodes signed what the receipt says they did, by the keys that the chain has for them. */
  public static final String STATEMENTS = "statements";

  /** The most bytes of a bundle. */
  public static final int BUNDLE_BYTES_MAX = 4 << 20;

  private static final int VERSION = 1;
  private static final int PROOF_LENGTH_MAX = 64;

  private final TrustedStart start;
  private final List<Check> checks = new ArrayList<>();

  private ReceiptVerifier(TrustedStart start) {
    this.start = start;
  }

  /**
   * Verifies a bundle.
   *
   * @param bundle the JSON of a {@link ReceiptProof}
   * @throws IOException if the chain does not answer
   */
  public static Verdict verify(byte[] bundle, TrustedStart start) throws IOException {
    var verifier = new ReceiptVerifier(start);
    verifier.run(bundle);
    return new Verdict(verifier.checks);
  }

  private void run(byte[] bundle) throws IOException {
    var parsed = format(bundle);
    if (parsed.isEmpty()) {
      return;
    }
    var proof = parsed.get().proof();
    var note = parsed.get().note();
    document(parsed.get());
    inclusion(proof, note);
    signature(note);
    var chain = start.chain();
    if (chain.isEmpty()) {
      skip(ANCHOR, "no chain to compare with; pass --rpc and the contract");
      return;
    }
    origin(note, chain.get());
    anchor(proof, note, chain.get());
    var statements = new StatementChecks(chain.get());
    checks.add(statements.check(parsed.get().receipt()));
  }

  private record Parsed(ReceiptProof proof, Receipt receipt, byte[] leaf, CheckpointNote note) {}

  private Optional<Parsed> format(byte[] bundle) {
    try {
      if (bundle.length > BUNDLE_BYTES_MAX) {
        throw new IllegalArgumentException("a bundle has at most " + BUNDLE_BYTES_MAX + " bytes");
      }
      var proof = Json.read(bundle, ReceiptProof.class);
      if (proof.version() != VERSION) {
        throw new IllegalArgumentException("version must be 1, is " + proof.version());
      }
      checkLengths(proof);
      var receipt = Json.read(proof.document(), Receipt.class);
      byte[] leaf = HexFormat.of().parseHex(proof.leaf());
      if (!HexFormat.of().formatHex(leaf).equals(proof.leaf())) {
        throw new IllegalArgumentException("leaf must be lower-case hex");
      }
      var note = CheckpointNote.parse(proof.checkpoint());
      pass(FORMAT, "a receipt bundle of version 1");
      return Optional.of(new Parsed(proof, receipt, leaf, note));
    } catch (ProblemException | IllegalArgumentException refused) {
      fail(
          FORMAT, refused instanceof ProblemException problem ? problem.toString() : text(refused));
      return Optional.empty();
    }
  }

  private static void checkLengths(ReceiptProof proof) {
    int longest = Math.max(proof.inclusion().size(), proof.consistency().size());
    if (longest > PROOF_LENGTH_MAX) {
      throw new IllegalArgumentException("a proof has at most " + PROOF_LENGTH_MAX + " hashes");
    }
    Anchor anchor = proof.anchor();
    if (anchor == null && !proof.consistency().isEmpty()) {
      throw new IllegalArgumentException("consistency leads nowhere without an anchor");
    }
    if (anchor != null && anchor.sealedAtMillis() != null) {
      throw new IllegalArgumentException("anchor.sealedAtMillis cannot be checked; leave it out");
    }
  }

  private void document(Parsed parsed) {
    byte[] expected;
    try {
      expected = parsed.receipt().leaf().encode();
    } catch (ProblemException | IllegalArgumentException refused) {
      fail(DOCUMENT, "the document has no leaf: " + text(refused));
      return;
    }
    boolean whole =
        Arrays.equals(Json.canonical(parsed.proof().document()), parsed.receipt().canonical());
    report(
        DOCUMENT,
        whole && Arrays.equals(expected, parsed.leaf()),
        "the document is what the leaf stands for",
        "the document is not what the leaf stands for");
  }

  private void inclusion(ReceiptProof proof, CheckpointNote note) {
    var checkpoint = note.checkpoint();
    boolean included =
        proof.size() == checkpoint.size()
            && MerkleTree.verifyInclusion(
                MerkleTree.leafHash(HexFormat.of().parseHex(proof.leaf())),
                proof.index(),
                proof.size(),
                proof.inclusion(),
                checkpoint.root());
    report(
        INCLUSION,
        included,
        "leaf %d of %d".formatted(proof.index(), proof.size()),
        "the proof does not lead from the leaf to the checkpoint's root");
  }

  private void signature(CheckpointNote note) {
    if (start.logKey().isEmpty()) {
      skip(SIGNATURE, "no log key is pinned; the chain decides");
      return;
    }
    var key = start.logKey().get();
    report(
        SIGNATURE,
        note.checkpoint().origin().equals(key.name())
            && note.signatures().size() == 1
            && note.isSignedBy(key),
        "signed by " + key.name(),
        "the checkpoint is not signed by %s alone".formatted(key.name()));
  }

  private void origin(CheckpointNote note, ChainWitness chain) throws IOException {
    String name = note.checkpoint().origin();
    report(
        ORIGIN,
        Digest.of(name.getBytes(StandardCharsets.UTF_8)).equals(chain.originHash()),
        "the contract keeps the log " + name,
        "the contract keeps another log than " + name);
  }

  private void anchor(ReceiptProof proof, CheckpointNote note, ChainWitness chain)
      throws IOException {
    Anchor anchor = proof.anchor();
    if (anchor == null) {
      fail(ANCHOR, "the bundle names no anchored checkpoint; ask for it again in a while");
      return;
    }
    var found = chain.checkpoint(anchor.size());
    if (found.isEmpty()) {
      fail(ANCHOR, "the chain has no checkpoint of size " + anchor.size());
      return;
    }
    var contradiction = contradiction(anchor, found.get(), chain);
    if (contradiction.isPresent()) {
      fail(ANCHOR, contradiction.get());
      return;
    }
    pass(
        ANCHOR,
        "size %d in block %d, %s"
            .formatted(
                anchor.size(), found.get().block(), found.get().level().name().toLowerCase()));
    report(
        CONSISTENCY,
        MerkleTree.verifyConsistency(
            note.checkpoint().size(),
            note.checkpoint().root(),
            anchor.size(),
            found.get().root(),
            proof.consistency()),
        "the anchored log begins with the checkpoint's",
        "the proof does not lead from the checkpoint to the anchored one");
  }

  /** What the bundle says of the anchor and the chain does not. */
  private static Optional<String> contradiction(
      Anchor anchor, ChainWitness.Anchored found, ChainWitness chain) {
    if (anchor.chainId() != null && anchor.chainId() != chain.chainId()) {
      return Optional.of(
          "the bundle names chain %d, this is %d".formatted(anchor.chainId(), chain.chainId()));
    }
    if (anchor.contract() != null && !anchor.contract().equals(chain.anchorLog())) {
      return Optional.of(
          "the bundle names contract %s, the trusted one is %s"
              .formatted(anchor.contract(), chain.anchorLog()));
    }
    if (!anchor.root().equals(found.root())) {
      return Optional.of("the chain has another root at size " + anchor.size());
    }
    if (anchor.transaction() != null && !anchor.transaction().equals(found.transaction())) {
      return Optional.of("the checkpoint came by transaction " + found.transaction());
    }
    if (anchor.block() != null && anchor.block() != found.block()) {
      return Optional.of("the checkpoint is in block " + found.block());
    }
    if (anchor.level().compareTo(found.level()) > 0) {
      return Optional.of("the checkpoint is no further than " + found.level());
    }
    return Optional.empty();
  }

  private void report(String name, boolean holds, String passed, String failed) {
    checks.add(new Check(name, holds ? Outcome.PASSED : Outcome.FAILED, holds ? passed : failed));
  }

  private void pass(String name, String reason) {
    report(name, true, reason, "");
  }

  private void fail(String name, String reason) {
    report(name, false, "", reason);
  }

  private void skip(String name, String reason) {
    checks.add(new Check(name, Outcome.SKIPPED, reason));
  }

  private static String text(Exception refused) {
    return String.valueOf(refused.getMessage());
  }
}

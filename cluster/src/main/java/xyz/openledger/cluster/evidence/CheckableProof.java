package xyz.openledger.cluster.evidence;

import xyz.openledger.protocol.api.Anchor;
import xyz.openledger.protocol.api.ReceiptProof;

/** A proof without what no verification can check: a verifier refuses what it does not know. */
public final class CheckableProof {
  private CheckableProof() {}

  /** The same but for the time at which its anchor was sealed. */
  public static ReceiptProof of(ReceiptProof proof) {
    Anchor anchor = proof.anchor();
    if (anchor == null) {
      return proof;
    }
    var checked =
        new Anchor(
            anchor.size(),
            anchor.root(),
            anchor.level(),
            anchor.chainId(),
            anchor.contract(),
            anchor.transaction(),
            anchor.block(),
            null);
    return new ReceiptProof(
        proof.version(),
        proof.document(),
        proof.leaf(),
        proof.index(),
        proof.size(),
        proof.inclusion(),
        proof.checkpoint(),
        checked,
        proof.consistency());
  }
}

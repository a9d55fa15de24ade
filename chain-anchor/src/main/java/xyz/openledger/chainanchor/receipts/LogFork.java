package xyz.openledger.chainanchor.receipts;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.PoolId;

/**
 * What convicts whoever runs a pool's receipt log before the PoolRegistry contract: its key signed
 * two roots of one size. Anybody can check it and bring it.
 *
 * @param version of this format; 1
 * @param size of the log, in leaves
 */
public record LogFork(int version, PoolId pool, long size, Signed first, Signed second) {
  private static final int VERSION = 1;
  private static final int SIGNATURE_HEX = 130;

  /** Checks the form, and that the two contradict each other. */
  public LogFork {
    Check.range("version", version, VERSION, VERSION);
    Check.present("pool", pool);
    Check.range("size", size, 1, Long.MAX_VALUE);
    Check.present("first", first);
    Check.present("second", second);
    if (first.root().equals(second.root())) {
      throw Check.refusal("second.root", "is the same as the first: that is no fork");
    }
  }

  /**
   * One of the two.
   *
   * @param signature of the log's signer under {@code LogCheckpoint(bytes32 originHash,uint64
   *     size,bytes32 root)} (EIP-712, in the domain of the registry): r, s and v, 130 hex digits
   */
  public record Signed(Digest root, String signature) {
    /** Checks the form. */
    public Signed {
      Check.present("root", root);
      Check.text("signature", signature, SIGNATURE_HEX);
      if (!signature.matches("[0-9a-f]{" + SIGNATURE_HEX + "}")) {
        throw Check.refusal(
            "signature", "must be %d lower-case hex digits".formatted(SIGNATURE_HEX));
      }
    }
  }
}

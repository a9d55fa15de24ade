package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.io.Serial;
import java.util.Locale;

/** The chain's node answered, with a refusal. */
public final class RpcException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private final int code;

  RpcException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** The JSON-RPC code. */
  public int code() {
    return code;
  }

  /** Whether a contract, or the machine under it, refused to run a call. */
  public boolean isRevert() {
    String text = String.valueOf(getMessage()).toLowerCase(Locale.ROOT);
    return code == 3 || text.contains("revert");
  }
}

package xyz.openledger.chainanchor.log;

import java.util.Base64;
import xyz.openledger.protocol.Digest;

/**
 * What a log says of itself at one moment, in the form of C2SP tlog-checkpoint:
 *
 * <pre>
 *   openledger.xyz/log/6f1c…
 *   1042
 *   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 * </pre>
 *
 * @param origin names the log for ever; 1 to 200 printable ASCII characters without space or plus
 * @param size how many leaves it has
 * @param root their RFC 9162 root
 */
public record Checkpoint(String origin, long size, Digest root) {
  static final int ORIGIN_LENGTH_MAX = 200;
  private static final int LINES = 3;

  /** Checks the origin and the size. */
  public Checkpoint {
    if (!isOrigin(origin)) {
      throw new IllegalArgumentException(
          "an origin has 1 to 200 printable ASCII characters without space or plus: " + origin);
    }
    if (size < 0) {
      throw new IllegalArgumentException("a log has no " + size + " leaves");
    }
  }

  /** The three lines, each ended by a newline: the text that is signed. */
  public String text() {
    return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.bytes()) + "\n";
  }

  /**
   * Reads the three lines.
   *
   * @throws IllegalArgumentException for anything that {@link #text} would not write
   */
  public static Checkpoint parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != LINES + 1 || !lines[LINES].isEmpty()) {
      throw new IllegalArgumentException("a checkpoint has three lines");
    }
    if (!lines[1].matches("0|[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("the checkpoint's size is not a number: " + lines[1]);
    }
    byte[] root = Notes.base64(lines[2], "the checkpoint's root");
    if (root.length != Digest.BYTES) {
      throw new IllegalArgumentException("the checkpoint's root has not 32 bytes");
    }
    return new Checkpoint(lines[0], Long.parseLong(lines[1]), Digest.wrap(root));
  }

  static boolean isOrigin(String name) {
    return !name.isEmpty()
        && name.length() <= ORIGIN_LENGTH_MAX
        && name.chars().allMatch(c -> c > ' ' && c < 127 && c != '+');
  }
}

package xyz.openledger.chainanchor.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import xyz.openledger.protocol.keys.Ed25519Key;

/**
 * A checkpoint with signatures, as a C2SP signed note:
 *
 * <pre>
 *   the checkpoint's three lines
 *   (an empty line)
 *   — openledger.xyz/log/6f1c… &lt;base64 of the key's hash and the signature&gt;
 * </pre>
 */
public record CheckpointNote(Checkpoint checkpoint, List<Signature> signatures) {
  /** The most characters of a note. */
  public static final int LENGTH_MAX = 16_384;

  /** The most signatures under one checkpoint. */
  public static final int SIGNATURES_MAX = 16;

  private static final String DASH = "\u2014 ";

  /**
   * One signature line.
   *
   * @param name who signed
   * @param base64 of the key's 4-byte hash and the signature
   */
  public record Signature(String name, String base64) {}

  /** Keeps its own copy. */
  public CheckpointNote {
    signatures = List.copyOf(signatures);
  }

  /** Signs a checkpoint by the log's own key. */
  public static CheckpointNote sign(Checkpoint checkpoint, Ed25519Key key) {
    var logKey = LogKey.of(checkpoint.origin(), key.publicKey());
    byte[] signature = key.sign(checkpoint.text().getBytes(StandardCharsets.UTF_8));
    byte[] blob = Arrays.copyOf(logKey.hash(), LogKey.HASH_BYTES + signature.length);
    System.arraycopy(signature, 0, blob, LogKey.HASH_BYTES, signature.length);
    return new CheckpointNote(
        checkpoint,
        List.of(new Signature(logKey.name(), Base64.getEncoder().encodeToString(blob))));
  }

  /**
   * Reads a note; judges no signature.
   *
   * @throws IllegalArgumentException for anything that {@link #text} would not write
   */
  public static CheckpointNote parse(String note) {
    if (note.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("a note has at most " + LENGTH_MAX + " characters");
    }
    int blank = note.lastIndexOf("\n\n");
    if (blank < 0 || blank + 2 >= note.length() || !note.endsWith("\n")) {
      throw new IllegalArgumentException("a note is a text, an empty line, and signature lines");
    }
    var checkpoint = Checkpoint.parse(note.substring(0, blank + 1));
    String[] lines = note.substring(blank + 2, note.length() - 1).split("\n", -1);
    if (lines.length > SIGNATURES_MAX) {
      throw new IllegalArgumentException("a note has at most " + SIGNATURES_MAX + " signatures");
    }
    var signatures = new ArrayList<Signature>();
    for (String line : lines) {
      signatures.add(signature(line));
    }
    return new CheckpointNote(checkpoint, signatures);
  }

  /**
   * Whether the key signed it: a line of its name and hash is there, and every such line verifies.
   */
  public boolean isSignedBy(LogKey key) {
    byte[] text = checkpoint.text().getBytes(StandardCharsets.UTF_8);
    boolean signed = false;
    for (Signature signature : signatures) {
      byte[] blob = Notes.base64(signature.base64(), "a signature");
      byte[] hash = Arrays.copyOf(blob, LogKey.HASH_BYTES);
      if (signature.name().equals(key.name()) && Arrays.equals(hash, key.hash())) {
        if (!key.verifies(text, Arrays.copyOfRange(blob, LogKey.HASH_BYTES, blob.length))) {
          return false;
        }
        signed = true;
      }
    }
    return signed;
  }

  /** The same with more signatures. */
  public CheckpointNote with(List<Signature> more) {
    var all = new ArrayList<>(signatures);
    all.addAll(more);
    return new CheckpointNote(checkpoint, all);
  }

  /**
   * Reads signature lines, each ended by a newline; judges none.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static List<Signature> signatures(String lines) {
    if (!lines.endsWith("\n") || lines.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("signature lines end with a newline each");
    }
    return Arrays.stream(lines.substring(0, lines.length() - 1).split("\n", -1))
        .map(CheckpointNote::signature)
        .toList();
  }

  /** A signature as the line that notes have, ended by a newline. */
  public static String line(Signature signature) {
    return DASH + signature.name() + " " + signature.base64() + "\n";
  }

  /** The note as it is stored and handed out. */
  public String text() {
    var text = new StringBuilder(checkpoint.text()).append('\n');
    for (Signature signature : signatures) {
      text.append(line(signature));
    }
    return text.toString();
  }

  private static Signature signature(String line) {
    int space = line.lastIndexOf(' ');
    if (!line.startsWith(DASH) || space < DASH.length()) {
      throw new IllegalArgumentException("not a signature line: " + line);
    }
    String name = line.substring(DASH.length(), space);
    String base64 = line.substring(space + 1);
    if (!Checkpoint.isOrigin(name)
        || Notes.base64(base64, "a signature").length <= LogKey.HASH_BYTES) {
      throw new IllegalArgumentException("not a signature line: " + line);
    }
    return new Signature(name, base64);
  }
}

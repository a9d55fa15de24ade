package xyz.openledger.chainanchor.witness;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.protocol.Digest;

/**
 * What a log asks a witness, in the form of C2SP tlog-witness:
 *
 * <pre>
 *   old 20852014
 *   (a consistency proof, a base64 hash a line)
 *   (an empty line)
 *   the signed checkpoint
 * </pre>
 *
 * @param oldSize what the log believes that the witness saw last
 * @param proof from there to the checkpoint
 */
public record AddCheckpoint(long oldSize, List<Digest> proof, CheckpointNote note) {
  /** The most bytes of a request. */
  public static final int BYTES_MAX = 32_768;

  private static final int PROOF_LENGTH_MAX = 63;
  private static final String OLD = "old ";

  /** Keeps its own copy. */
  public AddCheckpoint {
    proof = List.copyOf(proof);
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException for anything that {@link #text} would not write
   */
  public static AddCheckpoint parse(String body) {
    int blank = body.indexOf("\n\n");
    if (body.length() > BYTES_MAX || blank < 0) {
      throw new IllegalArgumentException("a request is old sizes, a proof, an empty line, a note");
    }
    String[] lines = body.substring(0, blank).split("\n", -1);
    if (!lines[0].matches(OLD + "(0|[1-9][0-9]{0,17})")) {
      throw new IllegalArgumentException("the first line is old and a size");
    }
    if (lines.length - 1 > PROOF_LENGTH_MAX) {
      throw new IllegalArgumentException("a proof has at most " + PROOF_LENGTH_MAX + " hashes");
    }
    var proof = new ArrayList<Digest>();
    for (int i = 1; i < lines.length; i++) {
      proof.add(hash(lines[i]));
    }
    return new AddCheckpoint(
        Long.parseLong(lines[0].substring(OLD.length())),
        proof,
        CheckpointNote.parse(body.substring(blank + 2)));
  }

  private static Digest hash(String line) {
    byte[] bytes = Base64.getDecoder().decode(line);
    if (bytes.length != Digest.BYTES || !Base64.getEncoder().encodeToString(bytes).equals(line)) {
      throw new IllegalArgumentException("not a hash: " + line);
    }
    return Digest.wrap(bytes);
  }

  /** The request as it is sent. */
  public String text() {
    var text = new StringBuilder(OLD).append(oldSize).append('\n');
    for (Digest hash : proof) {
      text.append(Base64.getEncoder().encodeToString(hash.bytes())).append('\n');
    }
    return text.append('\n').append(note.text()).toString();
  }
}

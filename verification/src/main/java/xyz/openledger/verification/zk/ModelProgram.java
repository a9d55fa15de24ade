package xyz.openledger.verification.zk;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.regex.Pattern;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;

/**
 * What a job about a private model loads instead of a program: which model, by its commitment, and
 * under which keys it is proven. There is one form of it.
 *
 * <pre>
 *   program = "OLPM" version(1 byte: 1) digest of the keys(32 bytes) commitment(32 bytes)
 * </pre>
 *
 * @param model the commitment to the weights, as in {@link ModelEvidence#model}
 */
public record ModelProgram(Digest keys, String model) {
  private static final int MAGIC = 0x4f4c504d;
  private static final byte VERSION = 1;
  private static final int WORD_BYTES = 32;
  private static final int BYTES = Integer.BYTES + 1 + Digest.BYTES + WORD_BYTES;
  private static final Pattern WORD = Pattern.compile("0x[0-9a-f]{64}");

  /** Checks the form of the commitment. */
  public ModelProgram {
    Check.present("keys", keys);
    if (!WORD.matcher(Check.present("model", model)).matches()) {
      throw Check.refusal("model", "must be " + WORD.pattern());
    }
  }

  /** That of the model which evidence is about. */
  public static ModelProgram of(ModelEvidence evidence) {
    return new ModelProgram(evidence.keys(), evidence.model());
  }

  /** Whether bytes begin as such a program does. */
  public static boolean begin(byte[] bytes) {
    return bytes.length >= Integer.BYTES && ByteBuffer.wrap(bytes).getInt() == MAGIC;
  }

  /**
   * Reads one.
   *
   * @throws xyz.openledger.protocol.ProblemException for anything else
   */
  public static ModelProgram read(byte[] bytes) {
    if (bytes.length != BYTES || !begin(bytes) || bytes[Integer.BYTES] != VERSION) {
      throw Check.refusal("", "a private model is OLPM, version 1, and two digests");
    }
    byte[] keys = new byte[Digest.BYTES];
    byte[] model = new byte[WORD_BYTES];
    ByteBuffer.wrap(bytes).position(Integer.BYTES + 1).get(keys).get(model);
    return new ModelProgram(Digest.wrap(keys), "0x" + HexFormat.of().formatHex(model));
  }

  /** This as bytes. */
  public byte[] write() {
    return ByteBuffer.allocate(BYTES)
        .putInt(MAGIC)
        .put(VERSION)
        .put(keys.bytes())
        .put(HexFormat.of().parseHex(model.substring(2)))
        .array();
  }
}

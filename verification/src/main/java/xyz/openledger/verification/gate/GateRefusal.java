package xyz.openledger.verification.gate;

import java.util.Locale;

/**
 * A module that may not run, with the reason, the place and the fix.
 *
 * <p>It is the only exception the gate throws for a module, whatever its bytes.
 */
public final class GateRefusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why a module is refused. */
  public enum Reason {
    /** A size or count is over a limit of {@link GateLimits}. */
    LIMIT_EXCEEDED,
    /** The first eight bytes are not those of a WebAssembly 1 module. */
    NOT_WEBASSEMBLY,
    /** The bytes end inside something. */
    TRUNCATED,
    /** The bytes break the binary format. */
    MALFORMED,
    /**
     * A feature that is not deterministic, or not offered: threads, SIMD, references, and so on.
     */
    UNSUPPORTED_FEATURE,
    /** An import that the host does not offer, or with another type. */
    IMPORT_REFUSED,
    /** An instruction finds other values on the stack than it takes. */
    TYPE_MISMATCH,
    /** An index names nothing. */
    UNKNOWN_INDEX,
    /** The module does not export what the host calls. */
    EXPORT_MISSING,
    /** A segment does not fit into the memory or table it initialises. */
    SEGMENT_OUT_OF_BOUNDS,
    /** The module has been through the gate, or uses a name the gate reserves. */
    ALREADY_GATED;

    /** The reason as it is written on the wire, for instance {@code limit-exceeded}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;
  private final int byteOffset;
  private final String sentence;

  /**
   * Refuses a module.
   *
   * @param byteOffset where in the submitted module
   * @param sentence what is wrong and how to fix it
   */
  GateRefusal(Reason reason, int byteOffset, String sentence) {
    // A refusal is an answer, not a fault: nobody reads its stack, and bad modules come in floods.
    super(
        reason.code() + " at byte " + byteOffset + ": " + sentence,
        /* cause= */ null,
        /* enableSuppression= */ false,
        /* writableStackTrace= */ false);
    this.reason = reason;
    this.byteOffset = byteOffset;
    this.sentence = sentence;
  }

  /** A name from the module, fit for a sentence: short and printable. */
  static String quote(String name) {
    String start = name.length() > 64 ? name.substring(0, 64) + "…" : name;
    return "'" + start.replaceAll("[^\\p{Print}…]", "?") + "'";
  }

  /** The reason's code in kebab case. */
  public String reason() {
    return reason.code();
  }

  /** The reason as one of the closed set. */
  public Reason kind() {
    return reason;
  }

  /** The place in the submitted module, in bytes from its start. */
  public int byteOffset() {
    return byteOffset;
  }

  /** What is wrong and how to fix it. */
  public String sentence() {
    return sentence;
  }
}

package xyz.openledger.verification.toploc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.toploc.ActivationProof.Likeness;

/**
 * What a receipt keeps of a comparison, so that anybody can make it again without the model: of the
 * least alike chunks, what the node committed to and the largest activations computed again.
 *
 * @param chunks of the answer
 * @param differing tokens that the seed draws otherwise
 * @param tokens of the answer
 * @param shown at most {@value #SHOWN_MAX} chunks, the least alike first
 */
public record ActivationEvidence(int chunks, int differing, int tokens, List<Chunk> shown) {
  /** The most chunks in a receipt: more would make it longer than what it is about. */
  public static final int SHOWN_MAX = 8;

  /** One token, and one in so many, may be drawn otherwise: the last bits of logits decide it. */
  private static final int DIFFERING_PART = 20;

  private static final int LARGE_BYTES = Integer.BYTES + Short.BYTES;

  /** Checks the ranges. */
  public ActivationEvidence {
    Check.range("chunks", chunks, 1, 1 << 16);
    Check.range("tokens", tokens, 0, 1 << 20);
    Check.range("differing", differing, 0, tokens);
    shown =
        List.copyOf(
            Check.size(
                "shown", Check.present("shown", shown), Math.min(chunks, SHOWN_MAX), SHOWN_MAX));
    var seen = new HashSet<Integer>();
    for (Chunk chunk : shown) {
      if (chunk.index() < 0 || chunk.index() >= chunks || !seen.add(chunk.index())) {
        throw Check.refusal(
            "shown",
            "chunk %d of %d stands there twice, or is none".formatted(chunk.index(), chunks));
      }
    }
  }

  /**
   * One of them.
   *
   * @param index from 0
   * @param proof 258 bytes in Base64: what the node committed to
   * @param largest 128 places (int32) and bfloat16 patterns, big-endian, in Base64
   */
  public record Chunk(int index, String proof, String largest) {
    /** How alike the two are. */
    public Likeness likeness() {
      return ActivationProof.read(decoded("proof", proof)).likeness(places(largest));
    }
  }

  /** A chunk as it is compared. */
  public static Chunk chunk(int index, String proof, List<Activations.Large> largest) {
    var out = ByteBuffer.allocate(largest.size() * LARGE_BYTES);
    largest.forEach(each -> out.putInt(each.index()).putShort((short) each.bits()));
    return new Chunk(index, proof, Base64.getEncoder().encodeToString(out.array()));
  }

  private static byte[] decoded(String field, String base64) {
    try {
      return Base64.getDecoder().decode(Check.present(field, base64));
    } catch (IllegalArgumentException none) {
      throw new IllegalArgumentException(field + " is no Base64", none);
    }
  }

  /** Places in ascending order and no place twice, or one good place would count 128 times. */
  private static List<Activations.Large> places(String largest) {
    byte[] bytes = decoded("largest", largest);
    if (bytes.length != ActivationProof.LARGEST * LARGE_BYTES) {
      throw new IllegalArgumentException("largest has " + bytes.length + " bytes");
    }
    var in = ByteBuffer.wrap(bytes);
    var places = new ArrayList<Activations.Large>();
    int before = -1;
    while (in.hasRemaining()) {
      var one = new Activations.Large(in.getInt(), Short.toUnsignedInt(in.getShort()));
      if (one.index() <= before || one.bits() >= Activations.PATTERNS) {
        throw new IllegalArgumentException("largest is out of order, or no finite number");
      }
      before = one.index();
      places.add(one);
    }
    return places;
  }

  /** Whether so many tokens that the seed draws otherwise are too many. */
  public boolean drawnOtherwise() {
    return differing > 1 + tokens / DIFFERING_PART;
  }

  /** The JSON in a receipt. */
  public String text() {
    return new String(Json.canonical(this), StandardCharsets.UTF_8);
  }

  /** Reads it. */
  public static ActivationEvidence read(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8), ActivationEvidence.class);
  }
}

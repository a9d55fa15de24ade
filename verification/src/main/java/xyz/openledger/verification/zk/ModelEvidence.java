package xyz.openledger.verification.zk;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.json.Json;

/**
 * What the holder of a private model hands out: that a committed model of int8 weights gave this
 * output for a committed input, for this job. Weights and input are not in it.
 *
 * @param version of this format; 1
 * @param keys {@link ModelKeys#digest()} of the keys that it was proven under
 * @param model the commitment to the weights; a word in hex, as all that follows
 * @param owner to whom the registration is bound
 * @param registration the proof that the weights are in range
 * @param input the commitment to the input
 * @param output the four outputs, packed
 * @param job what it was proven for, in words; the proof is bound to their digest
 * @param inference the proof that the output is the model's
 */
public record ModelEvidence(
    int version,
    Digest keys,
    String model,
    Address owner,
    String registration,
    String input,
    String output,
    String job,
    String inference) {
  /** The format that this class writes. */
  public static final int VERSION = 1;

  /** The most bytes of the document. */
  public static final int BYTES_MAX = 8_192;

  private static final int JOB_LETTERS_MAX = 128;
  private static final int OUTPUTS = 4;
  private static final int OUTPUT_BITS = 20;
  private static final Pattern WORD = Pattern.compile("0x[0-9a-f]{64}");
  private static final Pattern PROOF = Pattern.compile("0x[0-9a-f]{512}");

  /** Checks that every field has its form. */
  public ModelEvidence {
    Check.range("version", version, VERSION, VERSION);
    Check.present("keys", keys);
    form("model", model, WORD);
    Check.present("owner", owner);
    form("registration", registration, PROOF);
    form("input", input, WORD);
    form("output", output, WORD);
    Check.text("job", job, JOB_LETTERS_MAX);
    form("inference", inference, PROOF);
  }

  /** Reads a document strictly. */
  public static ModelEvidence read(byte[] json) {
    if (json.length > BYTES_MAX) {
      throw Check.refusal("", "evidence has at most " + BYTES_MAX + " bytes");
    }
    return Json.read(json, ModelEvidence.class);
  }

  /** The number that stands for a job in proofs: 31 bytes of a digest, to stay below the field. */
  public static BigInteger jobSignal(String job) {
    byte[] digest = Domain.of("zk-job").text(job).digest().bytes();
    return new BigInteger(1, digest, 0, 31);
  }

  /** The public signals of the registration. */
  public List<BigInteger> registrationSignals() {
    return List.of(number(model), new BigInteger(1, owner.bytes()));
  }

  /** The public signals of the inference. */
  public List<BigInteger> inferenceSignals() {
    return List.of(number(model), number(input), number(output), jobSignal(job));
  }

  /** The four outputs; each was packed as 20 bits, plus 2^19. */
  public List<Integer> outputs() {
    var outputs = new ArrayList<Integer>();
    BigInteger packed = number(output);
    for (int i = 0; i < OUTPUTS; i++) {
      int limb = packed.shiftRight(OUTPUT_BITS * i).intValue() & ((1 << OUTPUT_BITS) - 1);
      outputs.add(limb - (1 << (OUTPUT_BITS - 1)));
    }
    return outputs;
  }

  /** The bytes of the registration's proof. */
  public byte[] registrationProof() {
    return ModelKeys.bytes(registration);
  }

  /** The bytes of the inference's proof. */
  public byte[] inferenceProof() {
    return ModelKeys.bytes(inference);
  }

  private static BigInteger number(String word) {
    return new BigInteger(word.substring(2), 16);
  }

  private static void form(String field, String text, Pattern pattern) {
    if (!pattern.matcher(Check.present(field, text)).matches()) {
      throw Check.refusal(field, "must be " + pattern.pattern());
    }
  }
}

package xyz.openledger.verification.zk;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

/**
 * One answer of a private model: its input is {@link ModelEvidence}, its argument the words that
 * the evidence must be bound to, its output what was proven. Exact on every machine, as pairings
 * are.
 *
 * <p>Whoever holds the model proves at home; those who run the task see commitments, the output and
 * two proofs.
 */
public record ModelTask(
    ModelProgram program, List<String> arguments, long fuelMax, long outputMaxBytes) {
  /** What a task takes: the pairings of two proofs, whatever they come to. */
  public static final long FUEL = 200_000_000;

  private static final int EXIT_REFUSED = 1;
  private static final int EXIT_BAD_ARGUMENTS = 2;

  /** Keeps its own copy. */
  public ModelTask {
    arguments = List.copyOf(arguments);
  }

  /** What a task came to. */
  @SuppressWarnings("ArrayRecordComponent") // passes through and is never compared
  public record Ending(
      Outcome.Status status, int exitCode, long fuelUsed, byte[] output, String detail) {
    /** As nodes sign it. */
    public Outcome outcome() {
      return new Outcome(status, exitCode, fuelUsed, Digest.of(output), output.length);
    }
  }

  /** What a task puts out. */
  private record Said(
      String model, String input, List<Integer> output, String job, String ceremony) {}

  /** Whether these are arguments of a task. */
  public static boolean takes(List<String> arguments) {
    return arguments.size() == 1;
  }

  /** Runs it on an input. Anything may be in it. */
  public Ending run(byte[] input) {
    if (fuelMax < FUEL) {
      return new Ending(
          Outcome.Status.FUEL_EXHAUSTED,
          0,
          fuelMax,
          new byte[0],
          "it takes %d fuel and may use %d".formatted(FUEL, fuelMax));
    }
    if (!takes(arguments)) {
      return ended(EXIT_BAD_ARGUMENTS, "a task takes one argument: what the proof is for");
    }
    ModelEvidence evidence = read(input);
    if (evidence == null) {
      return ended(EXIT_REFUSED, "the input is no evidence about a private model");
    }
    String fault = fault(evidence);
    if (fault != null) {
      return ended(EXIT_REFUSED, fault);
    }
    byte[] output = Json.canonical(said(evidence));
    return output.length > outputMaxBytes
        ? new Ending(
            Outcome.Status.OUTPUT_EXCEEDED,
            0,
            FUEL,
            new byte[0],
            "it puts out %d bytes and may %d".formatted(output.length, outputMaxBytes))
        : new Ending(Outcome.Status.FINISHED, 0, FUEL, output, "");
  }

  private @Nullable String fault(ModelEvidence evidence) {
    if (!ModelProgram.of(evidence).equals(program)) {
      return "the evidence is about another model, or under other keys";
    }
    if (!evidence.job().equals(arguments.getFirst())) {
      return "the evidence is for '%s'".formatted(evidence.job());
    }
    return switch (ModelVerdict.of(evidence, ModelKeys.development())) {
      case ModelVerdict.Refused(var part, var reason) -> part + ": " + reason;
      case ModelVerdict.Proven _ -> null;
    };
  }

  private static Said said(ModelEvidence evidence) {
    return new Said(
        evidence.model(), evidence.input(), evidence.outputs(), evidence.job(), "development");
  }

  private static @Nullable ModelEvidence read(byte[] input) {
    try {
      return ModelEvidence.read(input);
    } catch (ProblemException malformed) {
      return null;
    }
  }

  private static Ending ended(int exitCode, String detail) {
    return new Ending(Outcome.Status.FINISHED, exitCode, FUEL, new byte[0], detail);
  }
}

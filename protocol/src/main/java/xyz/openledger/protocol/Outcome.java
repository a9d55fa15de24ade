package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import xyz.openledger.protocol.json.DecimalText;

/**
 * What running one task came to. The same on every honest machine, down to the fuel: replicas are
 * compared by {@link #digest()}. A trap and an empty tank are outcomes too, since every machine
 * meets them at the same instruction.
 *
 * @param exitCode what the program said on leaving; 0 unless {@code status} is finished
 * @param fuelUsed as the gate charges it
 * @param outputDigest of standard output
 */
public record Outcome(
    Status status,
    int exitCode,
    @DecimalText long fuelUsed,
    Digest outputDigest,
    long outputBytes) {

  /** How it ended. */
  public enum Status {
    /** The program ended by itself. */
    @JsonProperty("finished")
    FINISHED(1),
    /** The program hit a trap. */
    @JsonProperty("trapped")
    TRAPPED(2),
    /** It used up its fuel. */
    @JsonProperty("fuel-exhausted")
    FUEL_EXHAUSTED(3),
    /** It wrote more than it may. */
    @JsonProperty("output-exceeded")
    OUTPUT_EXCEEDED(4);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    /** The number that is hashed; the same as in node.proto. */
    public int code() {
      return code;
    }
  }

  /** Whether the program did what it was asked to. */
  public boolean succeeded() {
    return status == Status.FINISHED && exitCode == 0;
  }

  /** What replicas commit to and are compared by. */
  public Digest digest() {
    return Domain.of("outcome")
        .int32(status.code())
        .int32(exitCode)
        .int64(fuelUsed)
        .int64(outputBytes)
        .digest(outputDigest)
        .digest();
  }
}

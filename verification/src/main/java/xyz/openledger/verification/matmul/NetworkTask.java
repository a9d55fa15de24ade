package xyz.openledger.verification.matmul;

import java.util.List;
import xyz.openledger.protocol.Outcome;

/**
 * One task of a network: its input, what it may use, whether it shows its trace. How it ends, short
 * of its output, follows from the sizes alone, so that a check knows it without running anything.
 *
 * @param input rows of int8, one after the other
 */
@SuppressWarnings("ArrayRecordComponent") // passes through and is never compared
public record NetworkTask(
    Network network,
    byte[] input,
    Shows shows,
    long fuelMax,
    long memoryMaxBytes,
    long outputMaxBytes) {
  /** A task that shows its trace, or its result alone. */
  public NetworkTask(
      Network network,
      byte[] input,
      boolean trace,
      long fuelMax,
      long memoryMaxBytes,
      long outputMaxBytes) {
    this(
        network,
        input,
        trace ? Shows.TRACE : Shows.RESULT,
        fuelMax,
        memoryMaxBytes,
        outputMaxBytes);
  }

  /** How a task ends. */
  public record Ending(Outcome.Status status, long fuelUsed, String detail) {}

  /** Whether these are arguments of a task. */
  public static boolean takes(List<String> arguments) {
    return Shows.takes(arguments);
  }

  /** How many rows the input has; 0 if it is not a whole number of them. */
  public int rows() {
    int columns = network.inputColumns();
    return input.length % columns == 0 ? input.length / columns : 0;
  }

  /** How it ends on any machine. */
  public Ending ending() {
    return ending(network, rows(), shows, fuelMax, memoryMaxBytes, outputMaxBytes);
  }

  /** The same before there is an input, for an input of so many rows. */
  public static Ending ending(
      Network network,
      int rows,
      Shows shows,
      long fuelMax,
      long memoryMaxBytes,
      long outputMaxBytes) {
    if (rows < 1 || rows > Network.ROWS_MAX) {
      return new Ending(
          Outcome.Status.TRAPPED,
          0,
          "the input is not 1 to 65536 rows of %d bytes".formatted(network.inputColumns()));
    }
    Cost cost = Cost.of(network, rows, shows);
    if (cost.memoryBytes() > memoryMaxBytes || cost.elementsMax() > Network.ELEMENTS_MAX) {
      return new Ending(
          Outcome.Status.TRAPPED,
          0,
          "it takes %d bytes of memory and may use %d; a tensor has at most 2^24 elements"
              .formatted(cost.memoryBytes(), memoryMaxBytes));
    }
    if (cost.fuel() > fuelMax) {
      return new Ending(
          Outcome.Status.FUEL_EXHAUSTED,
          fuelMax,
          "it takes %d fuel and may use %d".formatted(cost.fuel(), fuelMax));
    }
    long output = cost.outputBytes(shows);
    return output > outputMaxBytes
        ? new Ending(
            Outcome.Status.OUTPUT_EXCEEDED,
            cost.fuel(),
            "it puts out %d bytes and may %d".formatted(output, outputMaxBytes))
        : new Ending(Outcome.Status.FINISHED, cost.fuel(), "");
  }

  /** The input as rows. Only for a task that finishes. */
  public Tensor.Int8 tensor() {
    return new Tensor.Int8(rows(), network.inputColumns(), input);
  }

  /**
   * Runs it; the output is empty unless it finishes. With proofs: {@link
   * xyz.openledger.verification.sumcheck.ProvenRun}.
   */
  public byte[] run(NetworkRun.Pause pause) {
    if (shows == Shows.PROOF) {
      throw new IllegalStateException("proofs are made by ProvenRun");
    }
    if (ending().status() != Outcome.Status.FINISHED) {
      return new byte[0];
    }
    List<Tensor> outputs = NetworkRun.of(network, tensor(), pause);
    return ResultBytes.write(network, tensor(), outputs, shows == Shows.TRACE);
  }
}

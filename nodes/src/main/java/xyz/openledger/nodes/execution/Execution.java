package xyz.openledger.nodes.execution;

import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;

/**
 * How a run ended. All but {@code detail} and {@code cpuMicros} is the same on every honest
 * machine.
 *
 * @param exitCode what the program exited with; 0 unless it finished
 * @param fuelUsed fuel burned, at most the limit; exactly the limit when it ran out
 * @param output what the program wrote to its standard output; empty unless it finished
 * @param detail for people: why it trapped, what it wrote to its standard error; at most {@value
 *     #DETAIL_MAX} characters, may be empty
 * @param cpuMicros CPU time of the thread that ran it, in microseconds
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its outcome; copying megabytes helps nobody
public record Execution(
    Outcome.Status status,
    int exitCode,
    long fuelUsed,
    byte[] output,
    String detail,
    long cpuMicros) {
  /** The most characters of a detail. */
  public static final int DETAIL_MAX = 2048;

  public Execution {
    detail = printable(detail);
  }

  /** The part that replicas are compared by. Hashes the output. */
  public Outcome outcome() {
    return new Outcome(status, exitCode, fuelUsed, Digest.of(output), output.length);
  }

  /**
   * The program wrote it, so it may hold anything: only text and line breaks reach a terminal or a
   * log.
   */
  private static String printable(String text) {
    String bounded = text.length() <= DETAIL_MAX ? text : text.substring(0, DETAIL_MAX);
    var printable = new StringBuilder(bounded.length());
    bounded
        .codePoints()
        .map(c -> c == '\n' || c == '\t' || !Character.isISOControl(c) ? c : '?')
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }
}

package xyz.openledger.verification.gate;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a function, block or operator takes from the operand stack and what it leaves there. */
@SuppressWarnings("ArrayRecordComponent") // compared by content, never handed out of the package
record Signature(byte[] parameters, byte[] results) {

  static final Signature NOTHING = of(":");

  /** Reads a signature such as {@code il:f}: takes an i32 and an i64, leaves an f32. */
  static Signature of(String text) {
    int colon = text.indexOf(':');
    return new Signature(
        ValueTypes.parse(text.substring(0, colon)), ValueTypes.parse(text.substring(colon + 1)));
  }

  /** Whether what is taken is what is left. */
  boolean hasEqualEnds() {
    return Arrays.equals(parameters, results);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature(var otherParameters, var otherResults)
        && Arrays.equals(parameters, otherParameters)
        && Arrays.equals(results, otherResults);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(parameters) + Arrays.hashCode(results);
  }

  /** As the specification writes it: {@code (i32, i64) -> (f32)}. */
  @Override
  public String toString() {
    return names(parameters) + " -> " + names(results);
  }

  private static String names(byte[] types) {
    return IntStream.range(0, types.length)
        .mapToObj(i -> ValueTypes.name(types[i]))
        .collect(Collectors.joining(", ", "(", ")"));
  }
}

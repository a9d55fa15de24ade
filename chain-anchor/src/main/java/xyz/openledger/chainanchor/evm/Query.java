package xyz.openledger.chainanchor.evm;

import java.util.function.Function;

/** A call that changes nothing, and how its answer is read. */
record Query<R>(Call call, Function<AbiData, R> reading) {

  /**
   * Reads what a node answered.
   *
   * @throws IllegalArgumentException if it is too short to be the answer of such a contract
   */
  R read(String answer) {
    try {
      return reading.apply(AbiData.of(answer));
    } catch (IllegalArgumentException foreign) {
      throw new IllegalArgumentException(
          "the contract answered %s; is it ours?".formatted(abridged(answer)), foreign);
    }
  }

  private static String abridged(String answer) {
    return answer.length() <= 130 ? answer : answer.substring(0, 130) + "…";
  }
}

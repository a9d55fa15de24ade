package xyz.openledger.verification.dispute;

import java.util.Set;
import java.util.TreeSet;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.OperatorFacts;
import xyz.openledger.verification.matmul.Tensor;

/**
 * How one element of an operator's output comes about, in chunks of at most {@link #CHUNK} terms
 * each; most operators have one chunk of one term.
 */
final class Fold {
  /** The most terms of one step, and so the most that a referee computes. */
  static final int CHUNK = 64;

  static final byte PRODUCT = 1;
  static final byte BIAS = 2;
  static final byte REQUANTISE = 3;
  static final byte RELU = 4;
  static final byte SUM = 5;
  static final byte ARGMAX = 6;

  /** Where a number of a tensor is read. */
  interface Numbers {
    int at(Answer.Of of, int place);
  }

  private Fold() {}

  static int chunks(OperatorFacts facts) {
    return folds(facts) ? (facts.inColumns() + CHUNK - 1) / CHUNK : 1;
  }

  private static boolean folds(OperatorFacts facts) {
    return facts.kind() == PRODUCT || facts.kind() == ARGMAX;
  }

  /** The value before the first chunk. */
  static int start(OperatorFacts facts) {
    return facts.kind() == ARGMAX ? -1 : 0;
  }

  /** The value after a chunk, from the one before it. */
  static int step(OperatorFacts facts, int place, int chunk, int before, Numbers numbers) {
    int row = place / facts.outColumns();
    int column = place % facts.outColumns();
    int inner = facts.inColumns();
    int from = chunk * CHUNK;
    int to = Math.min(inner, from + CHUNK);
    return switch (facts.kind()) {
      case PRODUCT -> {
        int sum = before;
        for (int k = from; k < to; k++) {
          sum +=
              numbers.at(Answer.Of.FIRST, row * inner + k)
                  * numbers.at(Answer.Of.PARAMETERS, column * inner + k);
        }
        yield sum;
      }
      case ARGMAX -> {
        int best = before;
        for (int k = from; k < to; k++) {
          if (best < 0
              || numbers.at(Answer.Of.FIRST, row * inner + k)
                  > numbers.at(Answer.Of.FIRST, row * inner + best)) {
            best = k;
          }
        }
        yield best;
      }
      case BIAS -> numbers.at(Answer.Of.FIRST, place) + numbers.at(Answer.Of.PARAMETERS, column);
      case REQUANTISE ->
          Operator.Requantise.of(numbers.at(Answer.Of.FIRST, place), facts.constant());
      case RELU -> Math.max(0, numbers.at(Answer.Of.FIRST, place));
      case SUM -> numbers.at(Answer.Of.FIRST, place) + numbers.at(Answer.Of.SECOND, place);
      default -> throw new IllegalArgumentException("there is no operator of kind " + facts.kind());
    };
  }

  /** A tile of a tensor. */
  record Wanted(Answer.Of of, int tile) implements Comparable<Wanted> {
    @Override
    public int compareTo(Wanted other) {
      int order = of.compareTo(other.of);
      return order != 0 ? order : Integer.compare(tile, other.tile);
    }
  }

  /** The tiles that a step reads: at most five. */
  static Set<Wanted> wanted(OperatorFacts facts, int place, int chunk, int before) {
    var wanted = new TreeSet<Wanted>();
    step(
        facts,
        place,
        chunk,
        before,
        (of, at) -> {
          wanted.add(new Wanted(of, at / Tensor.TILE));
          return 0;
        });
    if (facts.kind() == ARGMAX && before >= 0) {
      // With zeros for numbers the best never changes, so it was read above.
      wanted.add(
          new Wanted(
              Answer.Of.FIRST,
              (place / facts.outColumns() * facts.inColumns() + before) / Tensor.TILE));
    }
    return wanted;
  }

  /** Whether a running value can be one: an argmax's is a place before the chunk. */
  static boolean possible(OperatorFacts facts, int chunk, int value) {
    return facts.kind() != ARGMAX || (value >= 0 && value < chunk * CHUNK);
  }
}

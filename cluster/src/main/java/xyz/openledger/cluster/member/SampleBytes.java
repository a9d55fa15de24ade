package xyz.openledger.cluster.member;

import java.nio.charset.StandardCharsets;
import xyz.openledger.models.training.FineTune;
import xyz.openledger.models.training.TuningData;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

/**
 * How long the samples of a file are, those to learn from and those that only tell the loss. A
 * sample has no more tokens than its line has bytes.
 *
 * @param samples how many there are to learn from
 */
record SampleBytes(long samples, long learnt, long heldBack) {
  private static final String MARK = "heldBack";

  /**
   * Counts.
   *
   * @param holdBack whether every tenth sample is held back, beside those that are marked so
   * @throws ProblemException if there are none to learn from, or too many that are marked
   */
  static SampleBytes of(byte[] data, boolean holdBack) {
    var count = new Count(holdBack);
    int from = 0;
    for (int i = 0; i <= data.length; i++) {
      if (i == data.length || data[i] == '\n' || data[i] == '\r') {
        count.line(new String(data, from, i - from, StandardCharsets.UTF_8), i - from);
        from = i + 1;
      }
    }
    if (count.samples == 0) {
      throw new ProblemException(Problem.INVALID_REQUEST, "data", "holds no sample to learn from");
    }
    return new SampleBytes(count.samples, count.learnt, count.heldBack);
  }

  private static final class Count {
    private final boolean holdBack;
    private long unmarked;
    private long marked;
    private long samples;
    private long learnt;
    private long heldBack;

    Count(boolean holdBack) {
      this.holdBack = holdBack;
    }

    void line(String line, int bytes) {
      if (line.isBlank()) {
        return;
      }
      if (isMarked(line)) {
        heldBack += bytes;
        if (++marked > TuningData.HELD_BACK_MAX) {
          throw new ProblemException(
              Problem.TOO_LARGE,
              "data",
              "has more than %d samples that are held back".formatted(TuningData.HELD_BACK_MAX));
        }
      } else if (holdBack && FineTune.holdsBack(unmarked++)) {
        heldBack += bytes;
      } else {
        learnt += bytes;
        samples++;
      }
    }
  }

  /** What is no JSON is refused with its line by whoever reads it all. */
  private static boolean isMarked(String line) {
    if (!line.contains(MARK)) {
      return false;
    }
    try {
      return Json.tree(line.getBytes(StandardCharsets.UTF_8)).path(MARK).asBoolean();
    } catch (ProblemException malformed) {
      return false;
    }
  }
}

package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.verification.freivalds.Coins;
import xyz.openledger.verification.freivalds.Freivalds;
import xyz.openledger.verification.freivalds.SecretCheck;
import xyz.openledger.verification.matmul.NetworkRun;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.Tensor;
import xyz.openledger.verification.sumcheck.ProductStatement;
import xyz.openledger.verification.sumcheck.SumCheck;

/** How long checks of an int8 product take, beside the product itself, on one thread. */
public final class VerificationBench {
  private VerificationBench() {}

  /**
   * One thing that was measured.
   *
   * @param medianMillis of the rounds
   * @param ofProductPercent of our own Java product of the same size
   * @param ofNativePercent of our own product in C, or what else is the fastest here
   */
  public record Row(
      String what,
      double medianMillis,
      double leastMillis,
      double ofProductPercent,
      double ofNativePercent) {}

  /** All of it. */
  public record Report(
      Surroundings surroundings, int side, int rounds, int sumCheckBytes, List<Row> rows) {}

  /** Measures square products of a side. */
  public static Report run(Path data, int side, int rounds, long seed) throws IOException {
    Surroundings before = Surroundings.before(Files.createDirectories(data));
    var random = new SplittableRandom(seed);
    byte[] a = new byte[side * side];
    byte[] w = new byte[side * side];
    random.nextBytes(a);
    random.nextBytes(w);
    var product = new Operator.Product(Operator.INPUT, side, w);
    var input = new Tensor.Int8(side, side, a);
    int[] c = NetworkRun.product(product, input, () -> {}).elements();
    SecretCheck secret = SecretCheck.of(w, side, new SecureRandom());
    var statement = new ProductStatement(side, side, side, a, w, c);
    byte[] proof = SumCheck.prove(statement);
    double[] java = times(rounds, () -> Arrays.equals(c, product(product, input)));
    double[] fastest = fastest(side, rounds, a, w, c);
    var rows = new ArrayList<Row>();
    Own own = new Own(median(java), median(fastest));
    add(rows, own, "product, our own Java", java);
    add(rows, own, "product, our own " + StrictKernels.best().name(), fastest);
    add(rows, own, "freivalds, one round", times(rounds, () -> checked(1, random, a, w, c, side)));
    add(
        rows,
        own,
        "freivalds, public coins, two rounds",
        times(rounds, () -> checked(2, random, a, w, c, side)));
    add(rows, own, "freivalds, secret and prepared", times(rounds, () -> secret.holds(a, c)));
    add(
        rows,
        own,
        "sum-check, proving",
        times(rounds, () -> Arrays.equals(proof, SumCheck.prove(statement))));
    add(rows, own, "sum-check, checking", times(rounds, () -> SumCheck.verify(statement, proof)));
    return new Report(before.after(), side, rounds, proof.length, rows);
  }

  private record Own(double javaMillis, double nativeMillis) {}

  /** The strict kernel; weights stand by outputs, as for every layer that runs on it. */
  private static double[] fastest(int side, int rounds, byte[] a, byte[] w, int[] c) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocate(a.length, 64).copyFrom(MemorySegment.ofArray(a));
      MemorySegment byOutput = arena.allocate(w.length, 64);
      for (int i = 0; i < side; i++) {
        for (int j = 0; j < side; j++) {
          byOutput.set(ValueLayout.JAVA_BYTE, (long) j * side + i, w[i * side + j]);
        }
      }
      MemorySegment y = arena.allocate(4L * c.length, 64);
      MemorySegment expected = MemorySegment.ofArray(c);
      double[] millis =
          times(
              rounds,
              () -> {
                StrictKernels.best().linearInt8(side, side, side, x, side, byOutput, side, y, side);
                return true;
              });
      if (y.mismatch(expected) >= 0) {
        throw new IllegalStateException("the strict kernel came to another product");
      }
      return millis;
    }
  }

  private static int[] product(Operator.Product product, Tensor.Int8 input) {
    return NetworkRun.product(product, input, () -> {}).elements();
  }

  private static boolean checked(
      int rounds, SplittableRandom random, byte[] a, byte[] w, int[] c, int side) {
    boolean holds = true;
    for (int i = 0; i < rounds; i++) {
      holds &= Freivalds.holds(a, w, c, Coins.secret(random).next(side));
    }
    return holds;
  }

  private static void add(List<Row> rows, Own own, String what, double[] millis) {
    double median = median(millis);
    rows.add(
        new Row(
            what,
            median,
            Arrays.stream(millis).min().orElse(0),
            100 * median / own.javaMillis(),
            100 * median / own.nativeMillis()));
  }

  /** The rounds after as many that warm up; every one must say yes. */
  private static double[] times(int rounds, BooleanSupplier work) {
    double[] millis = new double[rounds];
    for (int i = -rounds; i < rounds; i++) {
      long began = System.nanoTime();
      if (!work.getAsBoolean()) {
        throw new IllegalStateException("a check refused what is true");
      }
      if (i >= 0) {
        millis[i] = (System.nanoTime() - began) / 1e6;
      }
    }
    return millis;
  }

  private static double median(double[] millis) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}

package xyz.openledger.cluster.bench.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nativekernels.strict.StrictTeam;
import xyz.openledger.nativekernels.strict.WeightType;

/**
 * What a second core gives, least wall time of many. Two threads that share nothing say what the
 * machine gives at most: its cores may be one core's halves, or have one clock and one memory.
 */
record TwoCores(double oneAfterAnother, double afterAPause, double nothingShared) {

  private record Product(int size, MemorySegment x, MemorySegment w, MemorySegment y) {
    static Product draw(int size, Arena arena) {
      var numbers = new Numbers(size, arena);
      long count = (long) size * size;
      return new Product(size, numbers.draw(count), numbers.draw(count), numbers.empty(count));
    }

    long wall(StrictTeam team) {
      long start = System.nanoTime();
      team.linear(size, size, size, x, size, WeightType.F32, w, size, y, size, false);
      return System.nanoTime() - start;
    }
  }

  static TwoCores measure(int size, int rounds) {
    try (Arena arena = Arena.ofShared();
        var one = new StrictTeam(StrictKernels.best(), 1);
        var two = new StrictTeam(StrictKernels.best(), 2)) {
      var product = Product.draw(size, arena);
      long single = Long.MAX_VALUE;
      long woken = Long.MAX_VALUE;
      long next = Long.MAX_VALUE;
      for (int round = 0; round < rounds; round++) {
        single = Math.min(single, product.wall(one));
        woken = Math.min(woken, product.wall(two));
        next = Math.min(next, product.wall(two));
      }
      long apart = apart(product, Product.draw(size, arena), rounds);
      return new TwoCores((double) single / next, (double) single / woken, 2.0 * single / apart);
    }
  }

  /** Each thread its own product, begun together: how long the later one took, at the least. */
  private static long apart(Product mine, Product other, int rounds) {
    var barrier = new CyclicBarrier(2);
    var theirs = new long[rounds];
    Thread thread = Thread.ofPlatform().daemon().start(() -> together(other, barrier, theirs));
    var own = new long[rounds];
    together(mine, barrier, own);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long least = Long.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      least = Math.min(least, Math.max(own[round], theirs[round]));
    }
    return least;
  }

  /** Twice in a row: the first is over when both are awake, the second is timed. */
  private static void together(Product product, CyclicBarrier barrier, long[] nanos) {
    try (var team = new StrictTeam(StrictKernels.best(), 1)) {
      for (int round = 0; round < nanos.length; round++) {
        barrier.await();
        product.wall(team);
        nanos[round] = product.wall(team);
      }
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }
}

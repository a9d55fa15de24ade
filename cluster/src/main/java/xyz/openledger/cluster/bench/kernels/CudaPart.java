package xyz.openledger.cluster.bench.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.DoubleStream;
import xyz.openledger.cluster.bench.Rounded;
import xyz.openledger.cluster.bench.match.MatchReport;
import xyz.openledger.nativekernels.strict.CudaBuffer;
import xyz.openledger.nativekernels.strict.CudaDevice;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nativekernels.strict.WeightType;

/**
 * A square product on the first graphics processor, whose memory holds everything beforehand. By
 * the wall clock, since the processor only waits.
 */
final class CudaPart {
  private static final int CALLS = 20;
  private static final double NANOS_PER_MICRO = 1_000;
  private static final double FLOPS_PER_MICRO_IN_GIGA = 1e-3;

  private final CudaDevice device;
  private final int rounds;
  private final List<String> findings;

  CudaPart(CudaDevice device, int rounds, List<String> findings) {
    this.device = device;
    this.rounds = rounds;
    this.findings = findings;
  }

  MatchReport.Part run(int size, long seed) {
    long count = (long) size * size;
    try (Arena arena = Arena.ofShared();
        CudaBuffer x = device.allocate(count * Float.BYTES);
        CudaBuffer w = device.allocate(count * Float.BYTES);
        CudaBuffer y = device.allocate(count * Float.BYTES)) {
      var numbers = new Numbers(seed, arena);
      MemorySegment left = numbers.draw(count);
      MemorySegment right = numbers.draw(count);
      device.upload(left, x);
      device.upload(right, w);
      check(size, left, right, x, w, y, arena);
      MemorySegment one = arena.allocate(Float.BYTES, Float.BYTES);
      double[] micros = new double[rounds];
      for (int round = -1; round < rounds; round++) {
        long start = System.nanoTime();
        for (int call = 0; call < CALLS; call++) {
          product(size, x, w, y);
        }
        device.download(y, one);
        if (round >= 0) {
          micros[round] = (System.nanoTime() - start) / NANOS_PER_MICRO / CALLS;
        }
      }
      return reported(size, micros);
    }
  }

  private static MatchReport.Part reported(int size, double[] micros) {
    double median = Rounded.median(DoubleStream.of(micros).boxed().toList());
    double flops = 2.0 * size * size * size * FLOPS_PER_MICRO_IN_GIGA;
    return new MatchReport.Part(
        "product of %d on the device".formatted(size),
        "fp32, x · wᵀ, wall time, %d calls in a row".formatted(CALLS),
        List.of(
            new MatchReport.Figure(
                "CUDA",
                Rounded.to4(median),
                Rounded.to4(DoubleStream.of(micros).min().orElse(0)),
                Rounded.to4(DoubleStream.of(micros).max().orElse(0)))),
        List.of(new MatchReport.Fact("GFLOP/s, median", Rounded.to2(flops / median))),
        List.of());
  }

  private void product(int size, CudaBuffer x, CudaBuffer w, CudaBuffer y) {
    device.linear(size, size, size, x, size, WeightType.F32, w, size, y, size, false);
  }

  /** All of it must have the bits of the processor. */
  private void check(
      int size,
      MemorySegment left,
      MemorySegment right,
      CudaBuffer x,
      CudaBuffer w,
      CudaBuffer y,
      Arena arena) {
    MemorySegment ours = arena.allocate(y.bytes(), Float.BYTES);
    MemorySegment theirs = arena.allocate(y.bytes(), Float.BYTES);
    product(size, x, w, y);
    device.download(y, theirs);
    StrictKernels.best()
        .linear(size, size, size, left, size, WeightType.F32, right, size, ours, size, false);
    if (ours.mismatch(theirs) >= 0) {
      findings.add("CUDA differs from the processor at size %d".formatted(size));
    }
  }
}

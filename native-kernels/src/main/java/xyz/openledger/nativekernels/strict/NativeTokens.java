package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link StrictTokens} in C. */
interface NativeTokens extends StrictTokens {
  MethodHandle sampleHandle();

  @Override
  default int sample(
      int count,
      MemorySegment logits,
      float temperature,
      int topK,
      float topP,
      long seed,
      long counter) {
    GradientChecks.sample(count, logits, temperature, topK, topP);
    Workspace work = Workspace.ofThisThread();
    try {
      int token =
          (int)
              sampleHandle()
                  .invokeExact(
                      count,
                      logits,
                      temperature,
                      topK,
                      topP,
                      seed,
                      counter,
                      work.scratch(2L * count * Integer.BYTES));
      return token;
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle digestHandle();

  @Override
  default byte[] digest(MemorySegment values, int... shape) {
    GradientChecks.shape(values, shape);
    try (var arena = Arena.ofConfined()) {
      MemorySegment sizes = arena.allocateFrom(JAVA_INT, shape);
      MemorySegment out = arena.allocate(32);
      Native.checked((int) digestHandle().invokeExact(shape.length, sizes, values, out));
      return out.toArray(JAVA_BYTE);
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }
}

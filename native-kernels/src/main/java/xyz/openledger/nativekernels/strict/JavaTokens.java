package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** {@link StrictTokens}. */
interface JavaTokens extends StrictTokens {
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
    var values = new float[count];
    Memory.read(logits, 0, values, count);
    int best = highest(values);
    if (best == NO_TOKEN || temperature == 0 || values[best] == Float.POSITIVE_INFINITY) {
      return best;
    }
    return new JavaSampling(values, values[best], 1 / temperature)
        .draw(topK, topP, Philox.number(seed, counter));
  }

  private static int highest(float[] values) {
    int best = NO_TOKEN;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      if (values[i] > max) {
        max = values[i];
        best = i;
      }
    }
    return best;
  }

  @Override
  default byte[] digest(MemorySegment values, int... shape) {
    long count = GradientChecks.shape(values, shape);
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var buffer = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
      digest.update("f32\0".getBytes(StandardCharsets.US_ASCII));
      digest.update(buffer.putInt(shape.length).flip());
      for (int size : shape) {
        digest.update(buffer.clear().putInt(size).flip());
      }
      buffer.clear();
      for (long i = 0; i < count; i++) {
        // Float.floatToIntBits writes every NaN as 0x7fc00000.
        buffer.putInt(Float.floatToIntBits(Memory.number(values, i)));
        if (!buffer.hasRemaining()) {
          digest.update(buffer.flip());
          buffer.clear();
        }
      }
      digest.update(buffer.flip());
      return digest.digest();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}

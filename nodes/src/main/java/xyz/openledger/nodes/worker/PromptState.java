package xyz.openledger.nodes.worker;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.engine.TokenListener;

/**
 * Keeps the model's state after a prompt, brought to length 1: an embedding of the text. One
 * addition after the other in double, so every machine comes to the same bits.
 */
final class PromptState implements TokenListener {
  private volatile float @Nullable [] state;

  @Override
  public void onToken(int token, String text) {
    // The word that would follow is of no interest.
  }

  @Override
  public boolean wantsState() {
    return true;
  }

  @Override
  public void onState(MemorySegment values) {
    state = unit(values.toArray(ValueLayout.JAVA_FLOAT));
  }

  static float[] unit(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    double length = Math.sqrt(sum);
    float[] unit = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      unit[i] = length == 0 ? 0 : (float) (values[i] / length);
    }
    return unit;
  }

  /**
   * How far what stands in an answer is from a state brought to length 1; infinite for no state.
   */
  static double apart(String base64, float[] state) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException none) {
      return Double.POSITIVE_INFINITY;
    }
    if (bytes.length != state.length * Float.BYTES) {
      return Double.POSITIVE_INFINITY;
    }
    var said = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    double sum = 0;
    for (float value : unit(state)) {
      double difference = (double) said.get() - value;
      sum += difference * difference;
    }
    return Double.isFinite(sum) ? Math.sqrt(sum) : Double.POSITIVE_INFINITY;
  }

  /** As it stands in an answer; null if there is none. */
  @Nullable String base64() {
    float[] known = state;
    if (known == null) {
      return null;
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(known.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(known);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}

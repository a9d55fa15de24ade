package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/** {@link StrictTraining}. */
interface JavaTraining extends StrictTraining {
  @Override
  default void crossEntropy(
      int rows,
      int columns,
      MemorySegment logits,
      long strideLogits,
      MemorySegment targets,
      float factor,
      MemorySegment losses,
      MemorySegment dLogits,
      long strideDLogits) {
    GradientChecks.crossEntropy(
        rows, columns, logits, strideLogits, targets, losses, dLogits, strideDLogits);
    var row = new float[columns];
    for (int i = 0; i < rows; i++) {
      int target = Memory.integer(targets, i);
      Memory.read(logits, i * strideLogits, row, columns);
      float max = Lanes.max(row, columns);
      float loss = target < 0 ? 0 : row[target] - max;
      float sum = Lanes.exponentials(row, columns, max);
      Memory.put(losses, i, target < 0 ? 0 : Scalars.log(sum) - loss);
      float part = 1 / sum;
      for (int j = 0; j < columns; j++) {
        float slope = (row[j] * part - (j == target ? 1 : 0)) * factor;
        Memory.put(dLogits, i * strideDLogits + j, target < 0 ? 0 : slope);
      }
    }
  }

  @Override
  default void adamW(
      AdamW settings,
      long count,
      MemorySegment gradients,
      MemorySegment weights,
      MemorySegment moments1,
      MemorySegment moments2) {
    GradientChecks.adamW(count, gradients, weights, moments1, moments2);
    float rest1 = 1 - settings.beta1();
    float rest2 = 1 - settings.beta2();
    for (long i = 0; i < count; i++) {
      float g = Memory.number(gradients, i);
      float w = Memory.number(weights, i);
      float m = Math.fma(settings.beta1(), Memory.number(moments1, i), rest1 * g);
      float v = Math.fma(settings.beta2(), Memory.number(moments2, i), rest2 * (g * g));
      float root = (float) Math.sqrt(v * settings.correction2()) + settings.epsilon();
      float step = Math.fma(settings.decay(), w, m * settings.correction1() / root);
      Memory.put(moments1, i, m);
      Memory.put(moments2, i, v);
      Memory.put(weights, i, Math.fma(-settings.rate(), step, w));
    }
  }
}

package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/** Loss and the step of the optimiser. */
public interface StrictTraining {
  /**
   * Cross entropy of each row with its target (int32; negative: the row counts nothing), into
   * {@code losses}; and {@code dLogits = (softmax − target) · factor}, which may be {@code logits}.
   */
  void crossEntropy(
      int rows,
      int columns,
      MemorySegment logits,
      long strideLogits,
      MemorySegment targets,
      float factor,
      MemorySegment losses,
      MemorySegment dLogits,
      long strideDLogits);

  /**
   * The settings of one AdamW step. The corrections are {@code 1 / (1 − betaⁿ)} for step n; {@link
   * #at} reckons them.
   */
  record AdamW(
      float rate,
      float beta1,
      float beta2,
      float epsilon,
      float decay,
      float correction1,
      float correction2) {
    /** For the given step, the first being 1. */
    public static AdamW at(
        int step, float rate, float beta1, float beta2, float epsilon, float decay) {
      double power1 = 1;
      double power2 = 1;
      for (int i = 0; i < step; i++) {
        power1 *= beta1;
        power2 *= beta2;
      }
      return new AdamW(
          rate,
          beta1,
          beta2,
          epsilon,
          decay,
          (float) (1 / (1 - power1)),
          (float) (1 / (1 - power2)));
    }
  }

  /** One step: changes weights and both moments. */
  void adamW(
      AdamW settings,
      long count,
      MemorySegment gradients,
      MemorySegment weights,
      MemorySegment moments1,
      MemorySegment moments2);
}

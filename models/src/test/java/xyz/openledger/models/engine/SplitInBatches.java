package xyz.openledger.models.engine;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nativekernels.strict.StrictProducts;
import xyz.openledger.nativekernels.strict.WeightType;

/** Kernels with a bug: from so many rows on, the sums of a product are taken in two halves. */
final class SplitInBatches {
  private SplitInBatches() {}

  static StrictKernels kernels(int rowsMin) {
    return (StrictKernels)
        Proxy.newProxyInstance(
            StrictKernels.class.getClassLoader(),
            new Class<?>[] {StrictKernels.class},
            (_, method, arguments) -> {
              if (method.getName().equals("linearPacked")
                  && (int) arguments[0] >= rowsMin
                  && (int) arguments[1] % StrictProducts.PANEL == 0
                  && arguments[5] == WeightType.F32) {
                split(arguments);
                return null;
              }
              try {
                return method.invoke(StrictKernels.best(), arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  private static void split(Object[] arguments) {
    int inputs = (int) arguments[2];
    var x = (MemorySegment) arguments[3];
    long strideX = ((Number) arguments[4]).longValue();
    var packed = (MemorySegment) arguments[6];
    var y = (MemorySegment) arguments[7];
    long strideY = ((Number) arguments[8]).longValue();
    for (int row = 0; row < (int) arguments[0]; row++) {
      for (int o = 0; o < (int) arguments[1]; o++) {
        float sum = 0;
        float other = 0;
        for (int p = 0; p < inputs; p++) {
          long panel = o / StrictProducts.PANEL * (long) StrictProducts.PANEL * inputs;
          long at = panel + (long) p * StrictProducts.PANEL + o % StrictProducts.PANEL;
          float a = x.getAtIndex(JAVA_FLOAT, row * strideX + p);
          float w = packed.getAtIndex(JAVA_FLOAT, at);
          if (p < inputs / 2) {
            sum = Math.fma(a, w, sum);
          } else {
            other = Math.fma(a, w, other);
          }
        }
        y.setAtIndex(JAVA_FLOAT, row * strideY + o, sum + other);
      }
    }
  }
}

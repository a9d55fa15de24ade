package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import xyz.openledger.nativekernels.strict.StrictKernels;

/** Kernels with a bug, to see that checks turn red. */
final class PlantedKernels {
  private interface Change {
    Object call(Method method, Object[] arguments) throws Throwable;
  }

  private PlantedKernels() {}

  /** Sums gradients of weights from the last row to the first. */
  static StrictKernels reassociated() {
    return with(
        (method, arguments) -> {
          if (!method.getName().equals("linearWeightGradient")) {
            return method.invoke(StrictKernels.java(), arguments);
          }
          int rows = (int) arguments[0];
          int outputs = (int) arguments[1];
          int inputs = (int) arguments[2];
          var dy = (MemorySegment) arguments[3];
          var x = (MemorySegment) arguments[5];
          var dw = (MemorySegment) arguments[7];
          for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
              float sum = dw.getAtIndex(JAVA_FLOAT, o * (long) arguments[8] + i);
              for (int row = rows - 1; row >= 0; row--) {
                sum =
                    Math.fma(
                        dy.getAtIndex(JAVA_FLOAT, row * (long) arguments[4] + o),
                        x.getAtIndex(JAVA_FLOAT, row * (long) arguments[6] + i),
                        sum);
              }
              dw.setAtIndex(JAVA_FLOAT, o * (long) arguments[8] + i, sum);
            }
          }
          return null;
        });
  }

  /** Forgets to divide by the root of the head's size on the way back. */
  static StrictKernels unscaledAttentionGradient() {
    return with(
        (method, arguments) -> {
          if (method.getName().equals("attentionGradient")) {
            arguments[5] = 1f;
          }
          return method.invoke(StrictKernels.java(), arguments);
        });
  }

  /** Gives the gradient by the weights of an adapter's matrices the wrong way round. */
  static StrictKernels swappedLowRank(int rank) {
    return with(
        (method, arguments) -> {
          if (method.getName().equals("linearWeightGradient") && (int) arguments[2] == rank) {
            var x = (MemorySegment) arguments[5];
            arguments[5] = arguments[3];
            arguments[3] = x;
            Object stride = arguments[6];
            arguments[6] = arguments[4];
            arguments[4] = stride;
            arguments[1] = Math.min((int) arguments[1], rank);
          }
          return method.invoke(StrictKernels.java(), arguments);
        });
  }

  private static StrictKernels with(Change change) {
    return (StrictKernels)
        Proxy.newProxyInstance(
            StrictKernels.class.getClassLoader(),
            new Class<?>[] {StrictKernels.class},
            (_, method, arguments) -> {
              try {
                return change.call(method, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }
}

package xyz.openledger.nodes.worker;

import static xyz.openledger.models.onnx.OnnxBytes.floats;
import static xyz.openledger.models.onnx.OnnxBytes.model;
import static xyz.openledger.models.onnx.OnnxBytes.node;
import static xyz.openledger.models.onnx.OnnxBytes.of;
import static xyz.openledger.models.onnx.OnnxBytes.port;

import java.util.SplittableRandom;

/** Two layers with tanh between, as ONNX and in plain Java: {@code y = tanh(x · a + b) · c}. */
record Mlp(int width, int hidden, float[] a, float[] b, float[] c) {
  private static final int OUT = 5;

  static Mlp draw(SplittableRandom random, int width, int hidden) {
    return new Mlp(
        width,
        hidden,
        numbers(random, width * hidden),
        numbers(random, hidden),
        numbers(random, hidden * OUT));
  }

  static float[] numbers(SplittableRandom random, int count) {
    var numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextDouble(-0.5, 0.5);
    }
    return numbers;
  }

  byte[] onnx() {
    return model(
            of().message(1, node("MatMul", "p", "x", "a"))
                .message(1, node("Add", "q", "p", "b"))
                .message(1, node("Tanh", "h", "q"))
                .message(1, node("MatMul", "y", "h", "c"))
                .text(2, "mlp")
                .message(5, floats("a", width, hidden, a))
                .message(5, floats("b", 1, hidden, b))
                .message(5, floats("c", hidden, OUT, c))
                .message(11, port("x", width))
                .message(12, port("y", OUT)))
        .toBytes();
  }

  /** In doubles, straight from the formula. */
  double[] apply(float[] x) {
    int rows = x.length / width;
    var y = new double[rows * OUT];
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < hidden; j++) {
        double sum = b[j];
        for (int k = 0; k < width; k++) {
          sum += (double) x[row * width + k] * a[k * hidden + j];
        }
        double h = Math.tanh(sum);
        for (int o = 0; o < OUT; o++) {
          y[row * OUT + o] += h * c[j * OUT + o];
        }
      }
    }
    return y;
  }
}

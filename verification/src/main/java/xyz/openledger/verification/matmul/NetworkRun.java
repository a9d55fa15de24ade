package xyz.openledger.verification.matmul;

import java.util.ArrayList;
import java.util.List;

/** Runs a network. The meaning of every operator stands here; a faster kernel must agree. */
public final class NetworkRun {
  private NetworkRun() {}

  /** Asked between rows, so that a run can be stopped; throws to stop it. */
  @FunctionalInterface
  public interface Pause {
    /** Throws an unchecked exception if the run is to stop. */
    void point();
  }

  /** The outputs of all operators, in order. */
  public static List<Tensor> of(Network network, Tensor.Int8 input, Pause pause) {
    var outputs = new ArrayList<Tensor>(network.operators().size());
    for (Operator operator : network.operators()) {
      pause.point();
      outputs.add(
          operator instanceof Operator.Product product
              ? product(product, (Tensor.Int8) source(input, outputs, product.source()), pause)
              : step(operator, input, outputs));
    }
    return List.copyOf(outputs);
  }

  /** What an operator takes. */
  public static Tensor source(Tensor.Int8 input, List<Tensor> outputs, int source) {
    return source == Operator.INPUT ? input : outputs.get(source);
  }

  /** The output of an operator that is not a product, from the outputs before it. */
  public static Tensor step(Operator operator, Tensor.Int8 input, List<Tensor> outputs) {
    Tensor from = source(input, outputs, operator.source());
    int rows = from.rows();
    int columns = from.columns();
    return switch (operator) {
      case Operator.Product _ -> throw new IllegalArgumentException("a product is not a step");
      case Operator.Bias(_, int[] values) -> {
        int[] sums = ((Tensor.Int32) from).elements().clone();
        for (int i = 0; i < sums.length; i++) {
          sums[i] += values[i % columns];
        }
        yield new Tensor.Int32(rows, columns, sums);
      }
      case Operator.Requantise(_, int shift) -> {
        byte[] small = new byte[from.size()];
        for (int i = 0; i < small.length; i++) {
          small[i] = Operator.Requantise.of(from.at(i), shift);
        }
        yield new Tensor.Int8(rows, columns, small);
      }
      case Operator.Relu _ -> relu(from);
      case Operator.Sum(_, int other) -> {
        int[] sums = ((Tensor.Int32) from).elements().clone();
        Tensor second = source(input, outputs, other);
        for (int i = 0; i < sums.length; i++) {
          sums[i] += second.at(i);
        }
        yield new Tensor.Int32(rows, columns, sums);
      }
      case Operator.ArgMax _ -> argMax(from);
    };
  }

  private static Tensor relu(Tensor from) {
    return switch (from) {
      case Tensor.Int8(int rows, int columns, byte[] elements) -> {
        byte[] kept = elements.clone();
        for (int i = 0; i < kept.length; i++) {
          kept[i] = (byte) Math.max(0, kept[i]);
        }
        yield new Tensor.Int8(rows, columns, kept);
      }
      case Tensor.Int32(int rows, int columns, int[] elements) -> {
        int[] kept = elements.clone();
        for (int i = 0; i < kept.length; i++) {
          kept[i] = Math.max(0, kept[i]);
        }
        yield new Tensor.Int32(rows, columns, kept);
      }
    };
  }

  private static Tensor argMax(Tensor from) {
    int columns = from.columns();
    int[] places = new int[from.rows()];
    for (int row = 0; row < places.length; row++) {
      for (int column = 1; column < columns; column++) {
        if (from.at(row * columns + column) > from.at(row * columns + places[row])) {
          places[row] = column;
        }
      }
    }
    return new Tensor.Int32(from.rows(), 1, places);
  }

  /** The product of a tensor and an operator's weights. */
  public static Tensor.Int32 product(Operator.Product product, Tensor.Int8 from, Pause pause) {
    int inner = product.inner();
    int columns = product.columns();
    byte[] weights = product.weights();
    byte[] left = from.elements();
    int[] sums = new int[from.rows() * columns];
    for (int row = 0; row < from.rows(); row++) {
      pause.point();
      for (int k = 0; k < inner; k++) {
        int factor = left[row * inner + k];
        if (factor != 0) {
          add(sums, row * columns, weights, k * columns, columns, factor);
        }
      }
    }
    return new Tensor.Int32(from.rows(), columns, sums);
  }

  /** A loop of its own, which the compiler turns into vector instructions. */
  private static void add(int[] sums, int to, byte[] weights, int from, int count, int factor) {
    for (int i = 0; i < count; i++) {
      sums[to + i] += factor * weights[from + i];
    }
  }
}

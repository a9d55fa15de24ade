package xyz.openledger.verification.matmul;

import java.util.List;

/**
 * What a network takes for an input of so many rows; known before it runs, the same for all.
 *
 * @param fuel one for each multiply-add, and one for each element that another operator puts out
 * @param memoryBytes the network, the input and all tensors together
 * @param resultBytes of the result without a trace
 * @param traceBytes of the result with all products
 * @param elementsMax of the largest tensor
 */
public record Cost(
    long fuel, long memoryBytes, long resultBytes, long traceBytes, long elementsMax) {

  /** The cost of a network on {@code rows} rows. */
  public static Cost of(Network network, int rows) {
    long fuel = 0;
    long memory = (long) rows * network.inputColumns();
    long trace = 0;
    long most = memory;
    List<Network.Shape> shapes = network.shapes();
    for (int i = 0; i < shapes.size(); i++) {
      Network.Shape shape = shapes.get(i);
      long elements = (long) rows * shape.columns();
      most = Math.max(most, elements);
      memory += elements * (shape.int8() ? Byte.BYTES : Integer.BYTES);
      switch (network.operators().get(i)) {
        case Operator.Product product -> {
          fuel += elements * product.inner();
          memory += product.weights().length;
          trace += elements * Integer.BYTES;
        }
        case Operator.Bias(_, int[] values) -> {
          fuel += elements;
          memory += 4L * values.length;
        }
        default -> fuel += elements;
      }
    }
    Network.Shape last = shapes.getLast();
    long result =
        ResultBytes.HEADER_BYTES
            + (long) rows * last.columns() * (last.int8() ? Byte.BYTES : Integer.BYTES);
    return new Cost(fuel, memory, result, result + trace, most);
  }
}

package xyz.openledger.verification.matmul;

import java.util.List;

/**
 * What a network takes for an input of so many rows; known before it runs, the same for all.
 *
 * @param fuel one for each multiply-add, and one for each element that another operator puts out
 * @param memoryBytes the network, the input and all tensors together
 * @param resultBytes of the result without a trace
 * @param traceBytes of the result with all products
 * @param proofBytes of the proofs of all products
 * @param elementsMax of the largest tensor
 */
public record Cost(
    long fuel,
    long memoryBytes,
    long resultBytes,
    long traceBytes,
    long proofBytes,
    long elementsMax) {
  private static final long ELEMENT_OF_PROOF_BYTES = 64;
  private static final int ROUND_BYTES = 3 * Long.BYTES;

  /** The cost of a network on {@code rows} rows, whatever it shows. */
  public static Cost of(Network network, int rows) {
    return of(network, rows, Shows.RESULT);
  }

  /**
   * The same with what it takes to show that. A proof takes one unit of fuel for each number of the
   * three matrices.
   */
  public static Cost of(Network network, int rows, Shows shows) {
    boolean proves = shows == Shows.PROOF;
    long proofs = 0;
    long proving = 0;
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
          long sides = (long) rows + 2L * product.inner() + product.columns();
          proofs += proofBytes(product);
          proving = Math.max(proving, ELEMENT_OF_PROOF_BYTES * sides + elements * Integer.BYTES);
          if (proves) {
            fuel += elements + (long) rows * product.inner() + product.weights().length;
          }
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
    return new Cost(fuel, memory + (proves ? proving : 0), result, result + trace, proofs, most);
  }

  /** The bytes of a product's proof: 24 for each doubling of its inner side. */
  static int proofBytes(Operator.Product product) {
    return ROUND_BYTES * (32 - Integer.numberOfLeadingZeros(product.inner() - 1));
  }

  long outputBytes(Shows shows) {
    return switch (shows) {
      case RESULT -> resultBytes;
      case TRACE -> traceBytes;
      case PROOF -> traceBytes + proofBytes;
    };
  }
}

package xyz.openledger.verification.matmul;

import java.util.ArrayList;
import java.util.List;

/**
 * A graph of operators, in an order in which each comes after its sources. The last one's output is
 * the result.
 *
 * <pre>
 *   input ─▶ product ─▶ bias ─▶ relu ─▶ requantise ─▶ product ─▶ bias ─▶ argmax
 *   int8      int32     int32   int32      int8        int32     int32    int32
 * </pre>
 *
 * @param inputColumns of the task's input: rows of so many int8
 */
public record Network(int inputColumns, List<Operator> operators) {
  /** The most operators. */
  public static final int OPERATORS_MAX = 256;

  /** The most columns of a tensor, and the most terms of a sum. */
  public static final int INNER_MAX = 1 << 16;

  /** The most rows of a task's input. */
  public static final int ROWS_MAX = 1 << 16;

  /** The most elements of a tensor. */
  public static final int ELEMENTS_MAX = 1 << 24;

  /** What an operator puts out. */
  public record Shape(int columns, boolean int8) {}

  /**
   * Checks that every operator fits its sources.
   *
   * @throws IllegalArgumentException with what does not fit
   */
  public Network {
    operators = List.copyOf(operators);
    require(inputColumns >= 1 && inputColumns <= INNER_MAX, "the input's columns are 1 to 65536");
    require(
        !operators.isEmpty() && operators.size() <= OPERATORS_MAX,
        "a network has 1 to 256 operators");
    shapes(inputColumns, operators);
  }

  /** What each operator puts out. */
  public List<Shape> shapes() {
    return shapes(inputColumns, operators);
  }

  /** What a source puts out, {@link Operator#INPUT} included. */
  Shape shape(List<Shape> shapes, int source) {
    return source == Operator.INPUT ? new Shape(inputColumns, true) : shapes.get(source);
  }

  private static List<Shape> shapes(int inputColumns, List<Operator> operators) {
    var input = new Shape(inputColumns, true);
    var shapes = new ArrayList<Shape>(operators.size());
    for (Operator operator : operators) {
      Shape source = source(input, shapes, operator.source());
      shapes.add(
          switch (operator) {
            case Operator.Product(_, int columns, byte[] weights) -> {
              require(source.int8(), "a product takes int8");
              require(columns >= 1 && columns <= INNER_MAX, "a product's columns are 1 to 65536");
              require(
                  weights.length == (long) source.columns() * columns,
                  "a product's weights do not fit its source");
              yield new Shape(columns, false);
            }
            case Operator.Bias(_, int[] values) -> {
              require(!source.int8(), "a bias is added to int32");
              require(values.length == source.columns(), "a bias has one value a column");
              yield source;
            }
            case Operator.Requantise(_, int shift) -> {
              require(!source.int8(), "int32 is requantised");
              require(shift >= 0 && shift <= 31, "a shift is 0 to 31");
              yield new Shape(source.columns(), true);
            }
            case Operator.Relu _ -> source;
            case Operator.Sum(_, int other) -> {
              require(
                  !source.int8() && source.equals(source(input, shapes, other)),
                  "a sum takes two int32 tensors of one shape");
              yield source;
            }
            case Operator.ArgMax _ -> new Shape(1, false);
          });
    }
    return List.copyOf(shapes);
  }

  private static Shape source(Shape input, List<Shape> shapes, int source) {
    require(source >= Operator.INPUT && source < shapes.size(), "a source comes before its use");
    return source == Operator.INPUT ? input : shapes.get(source);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}

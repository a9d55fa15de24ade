package xyz.openledger.verification.matmul;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * All that a referee needs to know of one operator, as one leaf of its network's tree.
 *
 * @param kind as {@link NetworkBytes} writes it
 * @param other the second source of a sum; otherwise {@link Operator#INPUT}, and not looked at
 * @param constant the shift of a requantisation; otherwise 0
 * @param parameters root of the weights, column by column, or of the bias; otherwise zeros
 */
public record OperatorFacts(
    int index,
    byte kind,
    int source,
    int other,
    int constant,
    int inColumns,
    boolean inInt8,
    int outColumns,
    boolean outInt8,
    Digest parameters) {
  private static final Digest NONE = new Digest(0, 0, 0, 0);

  /** The facts of all operators of a network, in order. */
  public static List<OperatorFacts> of(Network network) {
    List<Network.Shape> shapes = network.shapes();
    var facts = new ArrayList<OperatorFacts>(shapes.size());
    for (int i = 0; i < shapes.size(); i++) {
      Operator operator = network.operators().get(i);
      Network.Shape in = network.shape(shapes, operator.source());
      facts.add(
          new OperatorFacts(
              i,
              NetworkBytes.kind(operator),
              operator.source(),
              operator instanceof Operator.Sum(_, int other) ? other : Operator.INPUT,
              operator instanceof Operator.Requantise(_, int shift) ? shift : 0,
              in.columns(),
              in.int8(),
              shapes.get(i).columns(),
              shapes.get(i).int8(),
              parameters(operator)));
    }
    return List.copyOf(facts);
  }

  private static Digest parameters(Operator operator) {
    Tensor parameters = parameterTensor(operator);
    return parameters == null ? NONE : TraceTree.root(parameters);
  }

  /** The weights, column by column so that the terms of a sum lie side by side; or the bias. */
  public static @Nullable Tensor parameterTensor(Operator operator) {
    return switch (operator) {
      case Operator.Product product -> transposed(product);
      case Operator.Bias(_, int[] values) -> new Tensor.Int32(1, values.length, values);
      default -> null;
    };
  }

  private static Tensor.Int8 transposed(Operator.Product product) {
    int inner = product.inner();
    int columns = product.columns();
    byte[] weights = product.weights();
    byte[] turned = new byte[weights.length];
    for (int k = 0; k < inner; k++) {
      for (int column = 0; column < columns; column++) {
        turned[column * inner + k] = weights[k * columns + column];
      }
    }
    return new Tensor.Int8(columns, inner, turned);
  }

  /** Whether it takes a second tensor. */
  public boolean takesTwo() {
    return kind == 5;
  }

  /** This as a leaf. */
  public Digest leaf() {
    return Domain.of("matmul-network-operator")
        .int32(index)
        .int32(kind)
        .int32(source)
        .int32(other)
        .int32(constant)
        .int32(inColumns)
        .int32(inInt8 ? 1 : 4)
        .int32(outColumns)
        .int32(outInt8 ? 1 : 4)
        .digest(parameters)
        .digest();
  }

  /** The root over the leaves: what a network is to a referee. */
  public static Digest root(List<OperatorFacts> facts) {
    return MerkleTree.root(facts.stream().map(OperatorFacts::leaf).toList());
  }
}

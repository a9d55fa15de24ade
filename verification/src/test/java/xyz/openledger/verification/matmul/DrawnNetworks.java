package xyz.openledger.verification.matmul;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Networks and inputs drawn from a seed: every operator, every kind of source. */
public final class DrawnNetworks {
  private DrawnNetworks() {}

  /** A network with at least one product, of sides up to {@code sideMax}. */
  public static Network network(RandomGenerator random, int sideMax) {
    int inputColumns = random.nextInt(1, sideMax + 1);
    var operators = new ArrayList<Operator>();
    int column = inputColumns;
    int last = Operator.INPUT;
    int layers = random.nextInt(1, 4);
    for (int layer = 0; layer < layers; layer++) {
      int columns = random.nextInt(1, sideMax + 1);
      byte[] weights = new byte[column * columns];
      random.nextBytes(weights);
      operators.add(new Operator.Product(last, columns, weights));
      column = columns;
      last = operators.size() - 1;
      if (random.nextBoolean()) {
        operators.add(new Operator.Bias(last, random.ints(columns, -5000, 5000).toArray()));
        if (random.nextBoolean()) {
          operators.add(new Operator.Sum(operators.size() - 1, last));
        }
        last = operators.size() - 1;
      }
      if (random.nextBoolean()) {
        operators.add(new Operator.Relu(last));
        last = operators.size() - 1;
      }
      operators.add(new Operator.Requantise(last, random.nextInt(0, 16)));
      last = operators.size() - 1;
    }
    if (random.nextBoolean()) {
      operators.add(new Operator.ArgMax(last));
    }
    return new Network(inputColumns, operators);
  }

  /** So many rows for a network. */
  public static Tensor.Int8 input(RandomGenerator random, Network network, int rows) {
    byte[] elements = new byte[rows * network.inputColumns()];
    random.nextBytes(elements);
    return new Tensor.Int8(rows, network.inputColumns(), elements);
  }

  /** What all operators put out. */
  public static List<Tensor> run(Network network, Tensor.Int8 input) {
    return NetworkRun.of(network, input, () -> {});
  }
}

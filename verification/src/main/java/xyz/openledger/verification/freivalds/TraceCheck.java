package xyz.openledger.verification.freivalds;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.verification.matmul.Network;
import xyz.openledger.verification.matmul.NetworkRefusal;
import xyz.openledger.verification.matmul.NetworkRun;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.ResultBytes;
import xyz.openledger.verification.matmul.Shows;
import xyz.openledger.verification.matmul.Tensor;
import xyz.openledger.verification.matmul.TraceTree;

/**
 * Whether an outcome is the one of its task, from its trace: every product by {@link #ROUNDS}
 * rounds of {@link Freivalds} with public coins, everything else by doing it again.
 *
 * <p>A wrong outcome passes with a chance of at most 2^-122 if its maker asked for the coins once.
 * One that tries 2^k outputs until the coins suit it gets 2^k chances; 2^61 tries would still leave
 * 2^-61, which is what is claimed. The answer is the same for everyone who has the same bytes.
 */
public final class TraceCheck {
  /** Rounds for each product. */
  public static final int ROUNDS = 2;

  /** The claimed bound on the chance that a wrong outcome passes, as a power of two. */
  public static final int ERROR_LOG2 = -61;

  private TraceCheck() {}

  /** What a check found. */
  public sealed interface Found {
    /**
     * The outcome is right.
     *
     * @param products how many were checked
     */
    record Holds(int products) implements Found {}

    /** The outcome is wrong, and where. */
    record Refuted(String reason) implements Found {}
  }

  /**
   * Checks an outcome.
   *
   * @param identity of the task
   * @param output of which {@code outcome} has the digest
   */
  public static Found of(Digest identity, NetworkTask task, Outcome outcome, byte[] output) {
    return by(
        Shows.TRACE,
        task,
        outcome,
        output,
        (product, operator, from, claimed, _) ->
            product(identity, outcome.outputDigest(), product, operator, from, claimed));
  }

  /** How one product is checked. */
  @FunctionalInterface
  public interface ProductTest {
    /**
     * Whether it is right.
     *
     * @param operator its place in the network
     * @param proof what came with it; null if nothing did
     */
    boolean holds(
        Operator.Product product,
        int operator,
        Tensor.Int8 from,
        Tensor.Int32 claimed,
        byte @Nullable [] proof);
  }

  /**
   * The same with another test for the products.
   *
   * @param shows what the task must show for it
   */
  public static Found by(
      Shows shows, NetworkTask task, Outcome outcome, byte[] output, ProductTest test) {
    NetworkTask.Ending ending = task.ending();
    if (outcome.status() != ending.status()
        || outcome.exitCode() != 0
        || outcome.fuelUsed() != ending.fuelUsed()) {
      return new Found.Refuted(
          "it must end as %s with %d fuel".formatted(ending.status(), ending.fuelUsed()));
    }
    if (outcome.outputBytes() != output.length
        || !Digest.of(output).equals(outcome.outputDigest())) {
      return new Found.Refuted("the output has another digest than the outcome says");
    }
    if (ending.status() != Outcome.Status.FINISHED) {
      return output.length == 0 ? new Found.Holds(0) : new Found.Refuted("it must put out nothing");
    }
    if (task.shows() != shows) {
      return new Found.Refuted(
          "the task does not ask for the %s, which this check needs"
              .formatted(shows.name().toLowerCase(Locale.ROOT)));
    }
    try {
      return trace(task, output, test);
    } catch (NetworkRefusal refusal) {
      return new Found.Refuted("the output is no result: " + refusal.sentence());
    }
  }

  private static Found trace(NetworkTask task, byte[] output, ProductTest test) {
    Network network = task.network();
    Tensor.Int8 input = task.tensor();
    ResultBytes result = ResultBytes.read(network, task.rows(), output);
    if (output[5] != task.shows().code()) {
      return new Found.Refuted("the output has no " + task.shows().name().toLowerCase(Locale.ROOT));
    }
    var outputs = new ArrayList<Tensor>(network.operators().size());
    int products = 0;
    for (Operator operator : network.operators()) {
      if (operator instanceof Operator.Product product) {
        byte[] proof = result.proofs().isEmpty() ? null : result.proofs().get(products);
        Tensor.Int32 claimed = result.products().get(products++);
        var from = (Tensor.Int8) NetworkRun.source(input, outputs, product.source());
        if (!test.holds(product, outputs.size(), from, claimed, proof)) {
          return new Found.Refuted("operator %d: the product is wrong".formatted(outputs.size()));
        }
        outputs.add(claimed);
      } else {
        outputs.add(NetworkRun.step(operator, input, outputs));
      }
    }
    if (!outputs.getLast().equals(result.result())) {
      return new Found.Refuted("the result is not what the products lead to");
    }
    return agreed(network, input, outputs, result.root())
        ? new Found.Holds(products)
        : new Found.Refuted("the trace has another root");
  }

  private static boolean agreed(
      Network network, Tensor.Int8 input, List<Tensor> outputs, Digest root) {
    return TraceTree.of(network, input, outputs).root().equals(root);
  }

  private static boolean product(
      Digest identity,
      Digest committed,
      Operator.Product product,
      int operator,
      Tensor.Int8 from,
      Tensor.Int32 claimed) {
    for (int round = 0; round < ROUNDS; round++) {
      long[] x = Coins.open(identity, committed, operator, round).next(product.columns());
      if (!Freivalds.holds(from.elements(), product.weights(), claimed.elements(), x)) {
        return false;
      }
    }
    return true;
  }
}

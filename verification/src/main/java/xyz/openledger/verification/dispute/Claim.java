package xyz.openledger.verification.dispute;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.verification.matmul.NetworkRefusal;
import xyz.openledger.verification.matmul.NetworkRun;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.ResultBytes;
import xyz.openledger.verification.matmul.Tensor;

/**
 * What a replica stands by: its outcome and the output behind it.
 *
 * @param output null if it cannot be had
 */
@SuppressWarnings("ArrayRecordComponent") // judged by its hash
public record Claim(Outcome outcome, byte @Nullable [] output) {

  /** A claim as far as its bytes bear it out: a party to a hearing, or why it is none. */
  sealed interface Stand {
    /** It can answer for every number it claims. */
    record Ready(Party party) implements Stand {}

    /** It contradicts itself, or says what no run can come to. */
    record Contradicted(String reason) implements Stand {}
  }

  /** The claim of an output in a file, taken as a regular end. */
  public static Claim of(NetworkTask task, byte[] output) {
    return new Claim(
        new Outcome(
            Outcome.Status.FINISHED, 0, task.ending().fuelUsed(), Digest.of(output), output.length),
        output);
  }

  Stand stand(NetworkTask task) {
    NetworkTask.Ending ending = task.ending();
    if (outcome.status() != ending.status()
        || outcome.exitCode() != 0
        || outcome.fuelUsed() != ending.fuelUsed()) {
      return new Stand.Contradicted(
          "the task ends as %s with %d fuel".formatted(ending.status(), ending.fuelUsed()));
    }
    if (output == null) {
      return new Stand.Contradicted("the output is not to be had");
    }
    if (outcome.outputBytes() != output.length
        || !Digest.of(output).equals(outcome.outputDigest())) {
      return new Stand.Contradicted("the output has another digest than the outcome says");
    }
    if (ending.status() != Outcome.Status.FINISHED) {
      return new Stand.Contradicted("the task puts out nothing");
    }
    try {
      return stand(task, ResultBytes.read(task.network(), task.rows(), output));
    } catch (NetworkRefusal refusal) {
      return new Stand.Contradicted("the output is no result: " + refusal.sentence());
    }
  }

  /** What was committed to must be what is shown: the root is held against its leaves. */
  private static Stand stand(NetworkTask task, ResultBytes said) {
    List<Tensor> outputs = new ArrayList<>();
    int products = 0;
    for (Operator operator : task.network().operators()) {
      if (operator instanceof Operator.Product && said.products().isEmpty()) {
        return new Stand.Contradicted("the output has no trace");
      }
      outputs.add(
          operator instanceof Operator.Product
              ? said.products().get(products++)
              : NetworkRun.step(operator, task.tensor(), outputs));
    }
    outputs.set(outputs.size() - 1, said.result());
    var party = new Party(task.network(), task.tensor(), outputs);
    return party.root().equals(said.root())
        ? new Stand.Ready(party)
        : new Stand.Contradicted("the trace root in the output is not that of what follows it");
  }
}

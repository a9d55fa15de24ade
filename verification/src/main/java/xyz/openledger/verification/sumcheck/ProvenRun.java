package xyz.openledger.verification.sumcheck;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.verification.matmul.NetworkRun;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.ResultBytes;
import xyz.openledger.verification.matmul.Shows;
import xyz.openledger.verification.matmul.Tensor;
import xyz.openledger.verification.matmul.TraceTree;

/** Runs a task of a network, whatever it shows; the one that proves its products too. */
public final class ProvenRun {
  private ProvenRun() {}

  /** The output; empty unless the task finishes. */
  public static byte[] of(NetworkTask task, NetworkRun.Pause pause) {
    if (task.shows() != Shows.PROOF || task.ending().status() != Outcome.Status.FINISHED) {
      return task.run(pause);
    }
    Tensor.Int8 input = task.tensor();
    List<Tensor> outputs = NetworkRun.of(task.network(), input, pause);
    var products = new ArrayList<Tensor.Int32>();
    var proofs = new ArrayList<byte[]>();
    for (int i = 0; i < outputs.size(); i++) {
      if (task.network().operators().get(i) instanceof Operator.Product product) {
        pause.point();
        var from = (Tensor.Int8) NetworkRun.source(input, outputs, product.source());
        var made = (Tensor.Int32) outputs.get(i);
        products.add(made);
        proofs.add(SumCheck.prove(statement(product, from, made)));
      }
    }
    var root = TraceTree.of(task.network(), input, outputs).root();
    return new ResultBytes(root, outputs.getLast(), products, proofs).write(Shows.PROOF);
  }

  static ProductStatement statement(Operator.Product product, Tensor.Int8 from, Tensor.Int32 made) {
    return new ProductStatement(
        from.rows(),
        product.inner(),
        product.columns(),
        from.elements(),
        product.weights(),
        made.elements());
  }
}

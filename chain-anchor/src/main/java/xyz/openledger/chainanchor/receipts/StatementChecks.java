package xyz.openledger.chainanchor.receipts;

import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import xyz.openledger.chainanchor.receipts.Check.Outcome;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.ReplicaReceipt;
import xyz.openledger.protocol.Receipt.SignedStatement;
import xyz.openledger.protocol.Receipt.TaskReceipt;
import xyz.openledger.protocol.ResultStatement;

/**
 * Whether each node signed what the receipt says it did, by the key that the registry has for it.
 */
final class StatementChecks {
  private final KeyWitness chain;
  private final Map<NodeId, Optional<Address>> keys = new HashMap<>();

  StatementChecks(KeyWitness chain) {
    this.chain = chain;
  }

  Check check(Receipt receipt) throws IOException {
    var registry = chain.registry();
    if (registry.isEmpty()) {
      return new Check(
          ReceiptVerifier.STATEMENTS, Outcome.SKIPPED, "no NodeRegistry to look keys up in");
    }
    var court = new ResultStatement.Court(chain.chainId(), registry.get());
    int signed = 0;
    int unsigned = 0;
    for (TaskReceipt task : receipt.tasks()) {
      for (ReplicaReceipt replica : task.replicas()) {
        SignedStatement statement = replica.statement();
        if (statement == null) {
          unsigned += replica.standing() == Receipt.Standing.ACCEPTED ? 1 : 0;
          continue;
        }
        var fault = fault(court, receipt, task, replica, statement);
        if (fault.isPresent()) {
          return new Check(
              ReceiptVerifier.STATEMENTS, Outcome.FAILED, replica.replica() + ": " + fault.get());
        }
        signed++;
      }
    }
    return new Check(
        ReceiptVerifier.STATEMENTS,
        Outcome.PASSED,
        signed
            + " results signed by registered keys"
            + (unsigned == 0
                ? ""
                : "; %d accepted without a signature, on the member's word".formatted(unsigned)));
  }

  private Optional<String> fault(
      ResultStatement.Court court,
      Receipt receipt,
      TaskReceipt task,
      ReplicaReceipt replica,
      SignedStatement statement)
      throws IOException {
    var outcome = replica.outcome();
    if (outcome == null) {
      return Optional.of("a statement without an outcome");
    }
    var said =
        receipt.verification().comparesBits()
            ? new ResultStatement(replica.replica(), task.task(), outcome.digest(), replica.fence())
            : ResultStatement.signed(
                replica.replica(), task.task(), outcome, replica.fence(), statement);
    if (!said.isIn(statement)) {
      return Optional.of("the statement is not in the batch that was signed");
    }
    byte[] signature;
    try {
      signature = HexFormat.of().parseHex(statement.signature());
    } catch (IllegalArgumentException malformed) {
      return Optional.of("the signature is not hex");
    }
    var signer =
        ResultStatement.signer(
            court, replica.node(), statement.root(), statement.count(), signature);
    var key = key(replica.node());
    if (key.isEmpty()) {
      return Optional.of(replica.node() + " is not registered");
    }
    return signer.equals(key)
        ? Optional.empty()
        : Optional.of("not signed by " + key.get() + ", the key of " + replica.node());
  }

  private Optional<Address> key(NodeId node) throws IOException {
    var known = keys.get(node);
    if (known == null) {
      known = chain.resultKey(node);
      keys.put(node, known);
    }
    return known;
  }
}

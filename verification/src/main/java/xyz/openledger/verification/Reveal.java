package xyz.openledger.verification;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;

/**
 * What a node says a replica came to.
 *
 * @param task the {@link xyz.openledger.protocol.TaskIdentity} that the node ran
 * @param salt the 32 bytes that hid the outcome in the commitment
 */
public record Reveal(ReplicaId replica, long fence, Digest task, Outcome outcome, Digest salt) {

  /** The statement that the node signs for it. */
  public ResultStatement statement() {
    return new ResultStatement(replica, task, outcome.digest(), fence);
  }

  /**
   * What the lease lets us expect of it.
   *
   * @param commitment what the node published first; null with one replica, where result and
   *     commitment come together
   */
  public record Expected(
      ReplicaId replica,
      NodeId node,
      long fence,
      Digest task,
      long fuelMax,
      long outputMaxBytes,
      @Nullable Digest commitment) {}
}

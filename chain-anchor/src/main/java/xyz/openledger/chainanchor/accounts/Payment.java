package xyz.openledger.chainanchor.accounts;

/**
 * What one replica's work was paid, in a {@link LedgerEvent.Settled}.
 *
 * @param replicaId the replica
 * @param nodeId the node that ran it
 * @param payee the node owner's address
 * @param netNanoOpen what the payee earned
 * @param feeNanoOpen what the platform earned beside it; price = net + fee
 */
public record Payment(
    String replicaId, String nodeId, String payee, long netNanoOpen, long feeNanoOpen) {

  /** Checks that no part is negative. */
  public Payment {
    if (netNanoOpen < 0 || feeNanoOpen < 0) {
      throw new IllegalArgumentException(
          "payment of " + replicaId + " is negative: net " + netNanoOpen + ", fee " + feeNanoOpen);
    }
  }

  /** What the requester paid for the replica. */
  public long priceNanoOpen() {
    return Math.addExact(netNanoOpen, feeNanoOpen);
  }
}

package xyz.openledger.chainanchor.accounts;

/**
 * What a requester owes for one replica, before the platform's fee is taken out of it.
 *
 * @param replicaId the replica; at most one charge each
 * @param nodeId the node that ran it
 * @param payee the address of the node's owner
 * @param priceNanoOpen zero or more
 */
public record Charge(String replicaId, String nodeId, String payee, long priceNanoOpen) {}

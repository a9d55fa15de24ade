package xyz.openledger.chainanchor.accounts;

/**
 * A replica that ran and is not paid. It moves no money; it stands in the event so that the node's
 * statement can say why.
 *
 * @param priceNanoOpen what the replica would have been paid
 * @param reason a kebab-case word, such as {@code dissent}
 */
public record Withholding(
    String replicaId, String nodeId, String payee, long priceNanoOpen, String reason) {}

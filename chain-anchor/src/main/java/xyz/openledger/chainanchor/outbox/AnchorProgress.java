package xyz.openledger.chainanchor.outbox;

/**
 * How far the chain has the log: a receipt at index i is mined, safe or final if the size here is
 * above i.
 *
 * @param minedSize of the last anchor in a block
 * @param safeSize of the last anchor in a safe block
 * @param finalSize of the last anchor in a final block
 */
public record AnchorProgress(long minedSize, long safeSize, long finalSize) {}

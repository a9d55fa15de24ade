package xyz.openledger.pools.market;

/**
 * A bid and an ask that met, at the clearing's one price.
 *
 * @param bid id of the bid
 * @param ask id of the ask
 */
public record Trade(long bid, long ask, long units) {}

package xyz.openledger.pools;

import xyz.openledger.protocol.PoolId;

/** A pool of nodes: what it is called, who operates it, and its terms. */
public record Pool(PoolId id, String name, String operator, PoolTerms terms) {}

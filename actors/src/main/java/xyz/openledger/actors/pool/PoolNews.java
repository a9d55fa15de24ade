package xyz.openledger.actors.pool;

import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.pools.PoolSummary;

/** What a pool tells all members of itself. */
public record PoolNews(PoolSummary summary) implements MemberMessage {}

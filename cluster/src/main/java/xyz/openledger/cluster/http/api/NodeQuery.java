package xyz.openledger.cluster.http.api;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.PoolId;

/**
 * Which nodes.
 *
 * @param pool of this pool; absent for any
 */
public record NodeQuery(@Nullable PoolId pool, PageQuery page) {}

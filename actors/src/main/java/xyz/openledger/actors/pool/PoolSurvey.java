package xyz.openledger.actors.pool;

import java.util.List;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.pools.Node;
import xyz.openledger.protocol.PoolId;

/**
 * The nodes of a pool as they stand, for advice.
 *
 * @param name empty if the pool is not open
 * @param total how many nodes there are
 * @param nodes those told of: all, or the first by id, which is as good as drawn
 * @param queued tasks that wait
 */
public record PoolSurvey(PoolId pool, String name, int total, List<Node> nodes, int queued)
    implements MemberMessage {}

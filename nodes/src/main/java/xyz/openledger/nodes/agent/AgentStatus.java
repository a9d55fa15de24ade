package xyz.openledger.nodes.agent;

import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;

/**
 * How an agent was when it last said so, for {@code node status}.
 *
 * @param standing what the member thinks of the node: {@code joining}, {@code ready}, {@code
 *     draining}, {@code suspended}
 * @param state what the node wants: {@code ready}, {@code draining}, {@code quiet}
 * @param credits leases it grants now
 * @param running leases that run or wait for a worker
 * @param held leases in any state
 * @param answered outcomes since the agent started
 * @param faulted leases that this machine could not bring to an end
 * @param refused leases that it did not take
 * @param reconnects links after the first
 */
public record AgentStatus(
    NodeId node,
    PoolId pool,
    long pid,
    String startedAt,
    String writtenAt,
    boolean connected,
    String standing,
    String state,
    int credits,
    int running,
    int held,
    long answered,
    long faulted,
    long refused,
    long reconnects) {}

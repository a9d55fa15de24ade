package xyz.openledger.protocol.session;

import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ResultStatement;

/** A machine has become a node: of which owner, in which pool, judged where. */
public record Enrolled(NodeId node, PoolId pool, Address owner, ResultStatement.Court court) {}

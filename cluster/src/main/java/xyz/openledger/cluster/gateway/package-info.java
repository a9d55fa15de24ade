/**
 * The member's end of the node protocol: nodes dial in here, prove who they are, and are handed, as
 * sessions, to whoever keeps them. Knows nothing of jobs or actors.
 *
 * <p>Start at {@link xyz.openledger.cluster.gateway.NodeGateway} for the server, at {@link
 * xyz.openledger.cluster.gateway.NodeDirectory} for what it asks of the rest of the member.
 */
@NullMarked
package xyz.openledger.cluster.gateway;

import org.jspecify.annotations.NullMarked;

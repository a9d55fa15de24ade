/**
 * One node's session with its member: leases in, commitments and signed results out, over as many
 * streams as it takes. One thread decides; downloads and programs run beside it.
 *
 * <p>Start at {@link xyz.openledger.nodes.session.NodeSession}.
 */
@NullMarked
package xyz.openledger.nodes.session;

import org.jspecify.annotations.NullMarked;

/**
 * The twin of one contributed machine inside the cluster.
 *
 * <p>Start at {@link xyz.openledger.actors.node.NodeEntity}.
 */
@NullMarked
package xyz.openledger.actors.node;

import org.jspecify.annotations.NullMarked;

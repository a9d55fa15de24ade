/**
 * What a machine has: each probe looks for one thing, and one that finds nothing says so.
 *
 * <p>Start at {@link xyz.openledger.nodes.inventory.MachineProbe}.
 */
@NullMarked
package xyz.openledger.nodes.inventory;

import org.jspecify.annotations.NullMarked;

/**
 * Witnesses over HTTP: the program that is one, and the member's way to those it asks.
 *
 * <p>Start at {@link xyz.openledger.cluster.witness.WitnessServer}.
 */
@NullMarked
package xyz.openledger.cluster.witness;

import org.jspecify.annotations.NullMarked;

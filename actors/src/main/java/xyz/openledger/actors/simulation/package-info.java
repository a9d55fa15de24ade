/**
 * The network in virtual time: the production rules of pools and of the life of a job, with nodes,
 * requesters and clocks that are drawn from a seed. The same seed gives the same bytes. No actors.
 *
 * <p>Start at {@link xyz.openledger.actors.simulation.Comparison}.
 */
@NullMarked
package xyz.openledger.actors.simulation;

import org.jspecify.annotations.NullMarked;

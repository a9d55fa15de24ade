/**
 * Machines that cheat, each in a way of its own, against the rules by which members decide: what is
 * caught, who is wronged, what it costs, and whether it pays. Pure; the same seed gives the same
 * figures.
 *
 * <p>Start at {@link xyz.openledger.actors.simulation.adversaries.AdversaryTrial}.
 */
@NullMarked
package xyz.openledger.actors.simulation.adversaries;

import org.jspecify.annotations.NullMarked;

/**
 * Trainings of adapters on the network: which piece is made next, which are made again, what comes
 * of a lie. The pieces themselves are jobs like any others.
 *
 * <p>Start at {@link xyz.openledger.actors.tuning.TuningRules}.
 */
@NullMarked
package xyz.openledger.actors.tuning;

import org.jspecify.annotations.NullMarked;

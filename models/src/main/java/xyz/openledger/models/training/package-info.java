/**
 * Training with one sequence of bits: a whole model from nothing, or an adapter on a frozen one.
 *
 * <p>Start at {@link xyz.openledger.models.training.Trainer}.
 */
@NullMarked
package xyz.openledger.models.training;

import org.jspecify.annotations.NullMarked;

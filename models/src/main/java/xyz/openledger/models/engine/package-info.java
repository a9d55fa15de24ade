/**
 * Many requests at once on one model, each with its own adapter or none.
 *
 * <p>Start at {@link xyz.openledger.models.engine.InferenceEngine}.
 */
@NullMarked
package xyz.openledger.models.engine;

import org.jspecify.annotations.NullMarked;

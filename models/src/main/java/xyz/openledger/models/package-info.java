/**
 * Language models and their adapters, run so that every machine answers with the same bits.
 *
 * <p>Start at {@link xyz.openledger.models.engine.InferenceEngine}.
 */
@NullMarked
package xyz.openledger.models;

import org.jspecify.annotations.NullMarked;

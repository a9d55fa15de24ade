/**
 * What a model says of its own shape.
 *
 * <p>Start at {@link xyz.openledger.models.config.ModelConfig}.
 */
@NullMarked
package xyz.openledger.models.config;

import org.jspecify.annotations.NullMarked;

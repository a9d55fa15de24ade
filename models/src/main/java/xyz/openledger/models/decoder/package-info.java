/**
 * The forward pass of a decoder: weights, pages of keys and values, rows of tokens.
 *
 * <p>Start at {@link xyz.openledger.models.decoder.Decoder}.
 */
@NullMarked
package xyz.openledger.models.decoder;

import org.jspecify.annotations.NullMarked;

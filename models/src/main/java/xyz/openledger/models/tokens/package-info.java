/**
 * Between text and tokens.
 *
 * <p>Start at {@link xyz.openledger.models.tokens.ModelTokenizer}.
 */
@NullMarked
package xyz.openledger.models.tokens;

import org.jspecify.annotations.NullMarked;

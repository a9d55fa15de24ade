/**
 * The recipe of the tiny model that ships with the product: text from a grammar, a tokenizer learnt
 * from that text, weights and adapters learnt from both. Everything follows from a seed.
 *
 * <p>Start at {@link xyz.openledger.models.recipe.TinyRecipe}.
 */
@NullMarked
package xyz.openledger.models.recipe;

import org.jspecify.annotations.NullMarked;

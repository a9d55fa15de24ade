/**
 * The way of an answer's text to whoever waits for it, while a node still makes it.
 *
 * <p>Start at {@link xyz.openledger.actors.words.WordPost}.
 */
@NullMarked
package xyz.openledger.actors.words;

import org.jspecify.annotations.NullMarked;

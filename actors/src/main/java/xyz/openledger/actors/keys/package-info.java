/**
 * The API keys of the whole network, and what each has spent: journaled once, known to every
 * member.
 *
 * <p>Start at {@link xyz.openledger.actors.keys.KeysEntity}.
 */
@NullMarked
package xyz.openledger.actors.keys;

import org.jspecify.annotations.NullMarked;

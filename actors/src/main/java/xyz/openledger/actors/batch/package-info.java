/**
 * One durable write for many messages.
 *
 * <p>Start at {@link xyz.openledger.actors.batch.Batcher}.
 */
@NullMarked
package xyz.openledger.actors.batch;

import org.jspecify.annotations.NullMarked;

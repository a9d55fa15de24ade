/**
 * The receipt log and its way to the chain, durable.
 *
 * <p>Start at {@link xyz.openledger.actors.log.ReceiptLogEntity}.
 */
@NullMarked
package xyz.openledger.actors.log;

import org.jspecify.annotations.NullMarked;

/**
 * The words of OpenLedger, as records, and the formats in which they are stored, signed and sent.
 *
 * <p>Start at {@link xyz.openledger.protocol.JobSpec}: what a requester asks for.
 */
@NullMarked
package xyz.openledger.protocol;

import org.jspecify.annotations.NullMarked;

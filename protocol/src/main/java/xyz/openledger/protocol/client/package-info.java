/**
 * The client of a member's HTTP interface, on the JDK's HttpClient alone.
 *
 * <p>Start at {@link xyz.openledger.protocol.client.OpenLedgerClient}.
 */
@NullMarked
package xyz.openledger.protocol.client;

import org.jspecify.annotations.NullMarked;

/**
 * The node protocol as both ends understand it: checked records for what is said, and the sequences
 * that carry each frame exactly once over any number of broken streams. No sockets, no clocks.
 *
 * <p>Start at {@link xyz.openledger.protocol.session.NodeMessage} and {@link
 * xyz.openledger.protocol.session.HubMessage} for the words, at {@link
 * xyz.openledger.protocol.session.Outbox} for the sequences.
 */
@NullMarked
package xyz.openledger.protocol.session;

import org.jspecify.annotations.NullMarked;

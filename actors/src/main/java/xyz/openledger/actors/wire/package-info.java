/**
 * How actors' words are written down: messages between members of one release by Kryo, which is
 * fast and forgotten; events in the journal by named, versioned CBOR, which is kept for years.
 *
 * <p>Start at {@link xyz.openledger.actors.wire.MemberMessage} and at {@link
 * xyz.openledger.actors.wire.EventCodecs}; what the product journals stands in {@link
 * xyz.openledger.actors.wire.Events}.
 */
@NullMarked
package xyz.openledger.actors.wire;

import org.jspecify.annotations.NullMarked;

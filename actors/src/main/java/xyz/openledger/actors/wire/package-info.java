/**
 * How actors' words are written down: messages between members of one release by Kryo, which is
 * fast and forgotten; events in the journal by named, versioned CBOR, which is kept for years.
 */
@NullMarked
package xyz.openledger.actors.wire;

import org.jspecify.annotations.NullMarked;

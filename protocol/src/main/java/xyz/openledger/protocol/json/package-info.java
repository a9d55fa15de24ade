/**
 * JSON as we hash it and as we read it from strangers.
 *
 * <p>Start at {@link xyz.openledger.protocol.json.Json}.
 */
@NullMarked
package xyz.openledger.protocol.json;

import org.jspecify.annotations.NullMarked;

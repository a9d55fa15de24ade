/**
 * Golden vectors: what our formats gave once and must give for as long as receipts are kept.
 *
 * <p>Start at {@link xyz.openledger.protocol.golden.Format}.
 */
@NullMarked
package xyz.openledger.protocol.golden;

import org.jspecify.annotations.NullMarked;

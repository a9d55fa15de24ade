/**
 * What lets a requester pay for many jobs without signing each: a session key that its owner
 * authorises once, and the vouchers that this key signs.
 *
 * <p>Start at {@link xyz.openledger.protocol.voucher.Voucher}.
 */
@NullMarked
package xyz.openledger.protocol.voucher;

import org.jspecify.annotations.NullMarked;

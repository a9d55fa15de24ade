/**
 * What requesters promised by vouchers, durable.
 *
 * <p>Start at {@link xyz.openledger.actors.voucher.VouchersEntity}.
 */
@NullMarked
package xyz.openledger.actors.voucher;

import org.jspecify.annotations.NullMarked;

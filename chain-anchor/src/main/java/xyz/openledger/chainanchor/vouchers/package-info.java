/**
 * When a pool works on a requester's word, and which words it takes: pure rules over vouchers.
 *
 * <p>Start at {@link xyz.openledger.chainanchor.vouchers.VoucherRules}.
 */
@NullMarked
package xyz.openledger.chainanchor.vouchers;

import org.jspecify.annotations.NullMarked;

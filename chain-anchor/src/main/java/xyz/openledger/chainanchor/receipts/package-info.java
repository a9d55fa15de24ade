/**
 * Checking a receipt without asking whoever issued it.
 *
 * <p>Start at {@link xyz.openledger.chainanchor.receipts.ReceiptVerifier}.
 */
@NullMarked
package xyz.openledger.chainanchor.receipts;

import org.jspecify.annotations.NullMarked;

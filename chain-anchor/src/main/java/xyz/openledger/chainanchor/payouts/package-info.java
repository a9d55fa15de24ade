/**
 * The tree that payouts are claimed by, in the format of OpenZeppelin's StandardMerkleTree.
 *
 * <p>Start at {@link xyz.openledger.chainanchor.payouts.PayoutTree}.
 */
@NullMarked
package xyz.openledger.chainanchor.payouts;

import org.jspecify.annotations.NullMarked;

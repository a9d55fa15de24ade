/**
 * Who owns how much: double-entry accounts in nano-OPEN, as decisions on records.
 *
 * <p>Start at {@link xyz.openledger.chainanchor.accounts.Books}.
 */
@NullMarked
package xyz.openledger.chainanchor.accounts;

import org.jspecify.annotations.NullMarked;

/**
 * The one place for money: the double-entry books, durable.
 *
 * <p>Start at {@link xyz.openledger.actors.account.AccountsEntity}.
 */
@NullMarked
package xyz.openledger.actors.account;

import org.jspecify.annotations.NullMarked;

/**
 * How prices come about: nodes' offers and jobs' bids meet in a uniform-price double auction, on
 * demand capacity has a posted price, reserved capacity a sealed reverse auction. Pure rules in
 * whole numbers: the same orders give the same trades, to the last unit.
 *
 * <p>Start at {@link xyz.openledger.pools.market.Market}; the rules in words are in docs/market.md.
 */
@NullMarked
package xyz.openledger.pools.market;

import org.jspecify.annotations.NullMarked;

package xyz.openledger.actors.simulation;

import xyz.openledger.pools.Node;
import xyz.openledger.pools.OwnTerms;
import xyz.openledger.pools.Traits;

/**
 * A node as it really is, beside what it says of itself.
 *
 * @param node what it says; all slots free
 * @param wattsPerSlot under load
 * @param lies how often its result is wrong
 * @param upMillis how long it stays on average before it goes away; 0 for ever
 * @param slowed what part of its measured speed it has in its slow hours; 1 if it has none
 */
record Machine(
    Node node, double wattsPerSlot, double lies, long upMillis, double slowed, boolean joinsLate) {

  /** The same machine that says this of itself, and asks that of jobs. */
  Machine saying(Traits traits, OwnTerms terms) {
    return new Machine(
        node.with(traits).under(terms), wattsPerSlot, lies, upMillis, slowed, joinsLate);
  }
}

/**
 * A whole network on one machine, and the story that the demo tells with it. Everything is real but
 * the contributors: their accounts are test accounts, one of them cheats on purpose, one of them is
 * killed.
 *
 * <p>Start at {@link xyz.openledger.cluster.demo.Demo}.
 */
@NullMarked
package xyz.openledger.cluster.demo;

import org.jspecify.annotations.NullMarked;

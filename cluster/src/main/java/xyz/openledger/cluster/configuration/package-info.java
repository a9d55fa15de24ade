/**
 * Where settings come from, in the order in which they override one another.
 *
 * <p>Start at {@link xyz.openledger.cluster.configuration.Configuration}.
 */
@NullMarked
package xyz.openledger.cluster.configuration;

import org.jspecify.annotations.NullMarked;

/**
 * The HTTP side of a member: routes, tokens, events, the status page.
 *
 * <p>Start at {@link xyz.openledger.cluster.http.HttpServer}.
 */
@NullMarked
package xyz.openledger.cluster.http;

import org.jspecify.annotations.NullMarked;

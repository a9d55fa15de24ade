/**
 * What a member is asked and answers, as records with the shape of {@code openapi.yaml}. Knows
 * nothing of HTTP or actors, so that servers, clients and tests share it.
 *
 * <p>Start at {@link xyz.openledger.cluster.http.api.MemberApi}.
 */
@NullMarked
package xyz.openledger.cluster.http.api;

import org.jspecify.annotations.NullMarked;

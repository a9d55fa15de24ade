/**
 * What a member's HTTP API says, as records: the member writes them, the client reads them. The
 * document is {@code openapi.yaml}.
 *
 * <p>Start at {@link xyz.openledger.protocol.api.JobDetail}.
 */
@NullMarked
package xyz.openledger.protocol.api;

import org.jspecify.annotations.NullMarked;

package xyz.openledger.cluster.http.api;

import xyz.openledger.protocol.TenantId;

/**
 * Who submits work, and under which of its API keys, which may have a way to pay of its own.
 *
 * @param apiKey the name of the token; empty for work that goes on without one, such as a batch's
 */
public record Requester(TenantId tenant, String apiKey) {
  /** Work that was asked for before: paid by whichever of the tenant's session keys is newest. */
  public static Requester onBehalfOf(TenantId tenant) {
    return new Requester(tenant, "");
  }
}

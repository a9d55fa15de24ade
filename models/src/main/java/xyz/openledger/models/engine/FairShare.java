package xyz.openledger.models.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What each tenant with work was given. Who comes back after a pause starts where the least served
 * is: time away is no credit.
 */
final class FairShare {
  private final Map<String, Long> served = new HashMap<>();

  Map<String, Long> served() {
    return Map.copyOf(served);
  }

  /** A tenant has work. */
  void arrive(String tenant) {
    if (!served.containsKey(tenant)) {
      served.put(tenant, served.values().stream().mapToLong(Long::longValue).min().orElse(0));
    }
  }

  /** So many tokens were computed for a tenant. */
  void serve(String tenant, long tokens) {
    served.merge(tenant, tokens, Long::sum);
  }

  /** Only these have work still. */
  void keep(Set<String> tenants) {
    served.keySet().retainAll(tenants);
  }
}

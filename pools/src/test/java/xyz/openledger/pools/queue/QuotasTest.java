package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.pools.queue.Quotas.Answer;
import xyz.openledger.pools.queue.Quotas.Quota;
import xyz.openledger.protocol.TenantId;

class QuotasTest {
  private static final List<TenantId> TENANTS =
      List.of(new TenantId("ada"), new TenantId("bob"), new TenantId("cy"), new TenantId("dan"));

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void allThatIsBorrowedWasLentAndNobodyIsKeptFromWhatItDoesNotLend(long seed) {
    assertThat(breaches(seed, false)).isEmpty();
  }

  @Test
  void theCheckSeesAQuotaThatIsNotAskedFor() {
    assertThat(breaches(1, true)).isNotEmpty();
  }

  /**
   * Lets tenants take and return slots for a while; answers what went wrong.
   *
   * @param careless plants a fault: slots are taken whatever the answer
   */
  private static List<String> breaches(long seed, boolean careless) {
    var random = new SplittableRandom(seed);
    var named = new HashMap<TenantId, Quota>();
    for (TenantId tenant : TENANTS.subList(0, 3)) {
      int slots = random.nextInt(1, 10);
      named.put(tenant, new Quota(1, slots, random.nextInt(10), random.nextInt(slots + 1)));
    }
    var quotas = new Quotas(named, new Quota(1, 3, 2, 3));
    var used = new HashMap<TenantId, Integer>();
    var breaches = new ArrayList<String>();
    for (int i = 0; i < 2_000; i++) {
      TenantId tenant = TENANTS.get(random.nextInt(TENANTS.size()));
      if (random.nextInt(3) == 0) {
        used.computeIfPresent(tenant, (_, slots) -> slots > 1 ? slots - 1 : null);
        continue;
      }
      int more = random.nextInt(1, 4);
      Answer answer = quotas.ask(tenant, more, used);
      Quota own = named.getOrDefault(tenant, quotas.others());
      boolean within = used.getOrDefault(tenant, 0) + more <= own.slots();
      if (within && answer instanceof Answer.Over && named.containsKey(tenant)) {
        breaches.add(tenant + " is kept from its own");
      }
      if (careless || answer instanceof Answer.Within) {
        used.merge(tenant, more, Integer::sum);
        if (!(answer instanceof Answer.Within(int borrowed)) || borrowed > 0) {
          check(named, quotas, used, breaches);
        }
      }
    }
    return breaches;
  }

  private static void check(
      Map<TenantId, Quota> named, Quotas quotas, Map<TenantId, Integer> used, List<String> out) {
    int borrowed = 0;
    int lent = 0;
    for (TenantId tenant : TENANTS) {
      Quota quota = named.getOrDefault(tenant, quotas.others());
      int slots = used.getOrDefault(tenant, 0);
      borrowed += Math.max(0, slots - quota.slots());
      lent += Math.clamp(quota.slots() - slots, 0, quota.lendMax());
      if (slots > quota.slots() + quota.borrowMax()) {
        out.add(tenant + " uses " + slots);
      }
    }
    if (borrowed > lent) {
      out.add("borrowed " + borrowed + ", lent " + lent);
    }
  }
}

package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.QueueTerms;
import xyz.openledger.protocol.Policy;

/** What a policy says in words of its own, in matching. */
class ConditionsTest {
  private final Matcher matcher = new Matcher(PoolTerms.DEFAULT, World.SECRET);

  @Test
  void eachConditionIsCountedApart() {
    Request request = World.request(1, policy("node.slots >= 8 && node.cores >= 4", null, null));

    Placement placement = matcher.place(request, Roster.of(List.of(World.node("ada"))), 1);

    assertThat(placement.hopeless()).isTrue();
    assertThat(placement.explanation().removed())
        .containsExactly(new Explanation.Removed(Clause.REQUIRE, "node.cores >= 4", 0, 1));
    assertThat(placement.explanation().waiting())
        .isEqualTo("1 replica needs a node; of 1 node, 1 removed by require `node.cores >= 4`");
  }

  @Test
  void whatMayChangeIsWaitedFor() {
    Request request = World.request(1, policy("node.reputation >= 6000", null, null));

    Placement placement = matcher.place(request, Roster.of(List.of(World.node("ada"))), 1);

    assertThat(placement.hopeless()).isFalse();
    assertThat(placement.chosen()).isEmpty();
  }

  @Test
  void theSelectorMeansWhatKubernetesMeans() {
    var absent = new Policy.LabelRequirement("tier", Policy.Operator.NOT_IN, List.of("spot"));
    var present = new Policy.LabelRequirement("tier", Policy.Operator.EXISTS, null);

    assertThat(fits(policy(null, null, List.of(absent)))).isTrue();
    assertThat(fits(policy(null, null, List.of(absent, present)))).isFalse();
  }

  @Test
  void theRoundTripIsLimited() {
    var slow =
        new Policy(
            null,
            new Policy.Limits(7, 1_000, List.of(), null, 0, 999),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null);

    assertThat(Matcher.objection(World.request(1, slow), World.node("ada")))
        .hasValue("round trip of 1000 microseconds, policy allows 999");
  }

  @Test
  void thePreferredNodeIsChosen() {
    var preferring = policy(null, new Policy.Preference("node.price == 1 ? 1 : 0", 1), null);
    assertThat(Matcher.objection(World.request(1, preferring), World.node("ada")))
        .as("what cannot be read fits no node")
        .get()
        .asString()
        .contains("node has no field price");

    var cheap = World.priced("ada", 1_000);
    var dear = World.priced("bob", 1_100);
    var policy =
        policy(
            null,
            new Policy.Preference("node.priceNanoOpenPerGigafuel > 1000 ? 10000 : 0", 100),
            null);

    Placement placement =
        matcher.place(World.request(1, policy), Roster.of(List.of(cheap, dear)), 1);

    assertThat(placement.chosen()).containsExactly(dear);
    assertThat(placement.explanation().choices().getFirst()).contains("prefer 10000 × 100");
  }

  @Test
  void tasksOfOtherConditionsWaitInOtherLanes() {
    var queue = new PoolQueue(matcher, PoolTerms.DEFAULT, QueueTerms.DEFAULT);
    var never = World.request(1, policy("node.cores > 9000", null, null));
    var fits = World.request(2, policy("node.slots > 1", null, null));
    queue.offer(new PoolQueue.Entry(never, 1, 60_000), 0);
    queue.offer(new PoolQueue.Entry(fits, 1, 60_000), 0);

    assertThat(queue.next(Roster.of(List.of(World.node("ada"))), 0))
        .extracting(grant -> grant.entry().request())
        .containsExactly(fits);
  }

  private static boolean fits(Policy policy) {
    return Matcher.objection(World.request(1, policy), World.node("ada")).isEmpty();
  }

  private static Policy policy(
      @Nullable String require,
      Policy.@Nullable Preference prefer,
      @Nullable List<Policy.LabelRequirement> selector) {
    return new Policy(
        null,
        World.anything(),
        new Policy.Verification(Policy.Method.TRUSTED, null),
        null,
        require,
        prefer,
        selector);
  }
}

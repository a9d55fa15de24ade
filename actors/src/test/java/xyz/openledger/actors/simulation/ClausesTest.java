package xyz.openledger.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.pools.Affinity;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.OwnTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.Work;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TaskId;

/** What jobs of simulations ask, and that each clause of it is held against what they get. */
class ClausesTest {
  private static final Scenario.Size SIZE = new Scenario.Size(16, 300, 150, null);

  /** What a scheduler overlooks in what is asked, or in who is asked. */
  private enum Overlooked {
    MEMORY("breaks memory", request -> changed(request, request.policy(), 1, Set.of(), 0)),
    PRICE("breaks price", request -> request.spending(Long.MAX_VALUE)),
    OWNER("breaks owner", request -> request.excluding(Set.of())),
    REGION("breaks region", policy(it -> limits(it, List.of(), 0, 0, 0))),
    CARBON("breaks carbon", policy(it -> limits(it, null, null, 0, 0))),
    ROUND_TRIP("breaks round trip", policy(it -> limits(it, null, 0, null, 0))),
    REPUTATION("breaks reputation", policy(it -> limits(it, null, 0, 0, null))),
    REQUIRE("breaks require", policy(it -> saying(it, null, it.selector(), it.spread()))),
    SELECTOR("breaks selector", policy(it -> saying(it, it.require(), null, it.spread()))),
    SPREAD("breaks spread", policy(it -> saying(it, it.require(), it.selector(), null))),
    DATA_CLASS(
        "breaks data",
        request ->
            request.of(
                new Work(
                    request.work().kind(),
                    request.work().labels(),
                    xyz.openledger.pools.governance.Governed.FREELY))),
    TERMS("breaks terms", request -> request) {
      @Override
      Node seen(Node node) {
        return node.under(OwnTerms.NONE);
      }
    },
    ACCEPTING("breaks accepting", request -> request) {
      @Override
      Node seen(Node node) {
        return node.standing(node.freeSlots(), node.reputation(), node.acceptedReplicas(), true);
      }
    },
    SLOT("breaks slot", request -> request) {
      @Override
      Node seen(Node node) {
        return node.withFreeSlots(node.slots());
      }
    };

    final String words;

    @SuppressWarnings("ImmutableEnumChecker") // it closes over nothing
    final UnaryOperator<Request> asked;

    Overlooked(String words, UnaryOperator<Request> asked) {
      this.words = words;
      this.asked = asked;
    }

    Node seen(Node node) {
      return node;
    }

    private static UnaryOperator<Request> policy(UnaryOperator<Policy> change) {
      return request ->
          changed(
              request,
              change.apply(request.policy()),
              request.memoryMaxBytes(),
              request.ownersExcluded(),
              0);
    }

    private static Request changed(
        Request it,
        Policy policy,
        long memoryMaxBytes,
        Set<xyz.openledger.protocol.Address> owners,
        int unused) {
      return new Request(
          it.task(),
          it.attempt(),
          policy,
          it.fuelMax(),
          memoryMaxBytes,
          owners.isEmpty() ? it.ownersExcluded() : owners,
          it.nodesExcluded(),
          it.budgetNanoOpen(),
          it.scheduling(),
          it.work(),
          policy.spread() == null ? Affinity.NONE : it.affinity());
    }

    /** Null for what is not asked, else as it was. */
    private static Policy limits(
        Policy it, List<String> regions, Integer carbon, Integer roundTrip, Integer reputation) {
      Policy.Limits was = it.limits();
      return new Policy(
          it.objective(),
          new Policy.Limits(
              was.priceMaxNanoOpen(),
              was.deadlineMillis(),
              regions == null ? was.regions() : regions,
              carbon == null ? null : was.carbonGramsPerKwhMax(),
              reputation == null ? 0 : was.reputationMin(),
              roundTrip == null ? null : was.roundTripMicrosMax(),
              was.dataClass()),
          it.verification(),
          it.capacity(),
          it.require(),
          it.prefer(),
          it.selector(),
          it.shift(),
          it.spread());
    }

    private static Policy saying(
        Policy it, String require, List<Policy.LabelRequirement> selector, Policy.Spread spread) {
      return new Policy(
          it.objective(),
          it.limits(),
          it.verification(),
          it.capacity(),
          require,
          it.prefer(),
          selector,
          it.shift(),
          spread);
    }
  }

  @ParameterizedTest
  @EnumSource(Overlooked.class)
  void aClauseThatIsOverlookedIsSeen(Overlooked clause) {
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= 20; seed++) {
                Scenario scenario = Scenario.draw(seed, SIZE);
                var careless = new Careless(new Production(seed), clause);
                new Simulation(scenario, careless, new Usefulness(scenario), "openledger").run();
              }
            })
        .isInstanceOf(Invariants.Violation.class)
        .hasMessageContaining(clause.words);
  }

  @Test
  void jobsAskWhatTheGalleryAsksAndEachKindOfClauseIsAmongIt() {
    List<Policy> drawn =
        Scenario.draw(7, new Scenario.Size(24, 1_000, 90, null)).arrivals().stream()
            .map(Arrival::policy)
            .toList();
    Map<Policy.Method, Long> methods = new EnumMap<>(Policy.Method.class);
    drawn.forEach(it -> methods.merge(it.verification().method(), 1L, Long::sum));

    assertThat(methods)
        .containsOnlyKeys(Policy.Method.ADAPTIVE, Policy.Method.QUORUM, Policy.Method.TRUSTED);
    assertThat(drawn).anyMatch(it -> it.prefer() != null).anyMatch(it -> it.spread() != null);
    assertThat(drawn).anyMatch(it -> it.selector() != null);
    assertThat(drawn.stream().map(Policy::require).filter(it -> it != null))
        .anyMatch(it -> it.contains("startsWith"))
        .anyMatch(it -> it.contains("fuelPerCpuSecond"))
        .anyMatch(it -> it.contains("owner"));
    Set<String> classes = new TreeSet<>();
    drawn.forEach(it -> classes.add(String.valueOf(it.limits().dataClass())));
    assertThat(classes).containsExactly("CONFIDENTIAL", "INTERNAL", "null");
  }

  /** Does as production does with what it was told wrongly. */
  private static final class Careless implements Scheduler {
    private final Scheduler honest;
    private final Overlooked clause;

    Careless(Scheduler honest, Overlooked clause) {
      this.honest = honest;
      this.clause = clause;
    }

    @Override
    public void offer(PoolQueue.Entry entry, long nowMillis) {
      honest.offer(
          new PoolQueue.Entry(
              clause.asked.apply(entry.request()), entry.count(), entry.deadlineMillis()),
          nowMillis);
    }

    @Override
    public void cancel(TaskId task) {
      honest.cancel(task);
    }

    @Override
    public void ended(TaskId task, NodeId node, PoolQueue.End end, long nowMillis) {
      honest.ended(task, node, end, nowMillis);
    }

    @Override
    public List<PoolQueue.Grant> next(Roster roster, long nowMillis) {
      return honest.next(
          Roster.indexed(roster.nodes().stream().map(clause::seen).toList()), nowMillis);
    }
  }
}

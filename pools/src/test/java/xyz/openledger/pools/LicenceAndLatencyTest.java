package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.Licence;
import xyz.openledger.protocol.Policy;

/** Limits on how long results take, and on what licences a job's models are under. */
class LicenceAndLatencyTest {
  private static final Filter LATENCY = new Filters.QuickAtP99();
  private static final Filter LICENCE = new Rules.Licensed();

  @Test
  void aMeasuredNodeIsHeldAgainstItsOwnFigureOfThatSizeOfWork() {
    Request asked = asking(2_000, null, 1_000_000_000);
    Node node = World.node("ada");

    assertThat(LATENCY.test(asked, measured(node, asked, 2_000))).isEqualTo(Filters.FEASIBLE);
    assertThat(reason(LATENCY.test(asked, measured(node, asked, 2_001))))
        .isEqualTo("p99 of 2001 ms in work of this size, policy allows 2000");
    // Of other sizes of work it says nothing.
    Request tiny = asking(2_000, null, 1_000);
    assertThat(LATENCY.test(tiny, measured(node, asked, 9_000))).isEqualTo(Filters.FEASIBLE);
  }

  @Test
  void aNewcomerIsHeldAgainstWhatItsBenchmarkForetells() {
    // 1 s a gigafuel, and a millisecond there and back.
    Node newcomer = World.node("ada");

    assertThat(LATENCY.test(asking(1_001, null, World.GIGAFUEL), newcomer))
        .isEqualTo(Filters.FEASIBLE);
    assertThat(reason(LATENCY.test(asking(1_000, null, World.GIGAFUEL), newcomer)))
        .isEqualTo(
            "not measured in work of this size, and 1001 ms by its benchmark, policy allows 1000");
  }

  @Test
  void whoIsTooSlowIsWaitedForSinceFiguresFade() {
    Request asked = asking(1_000, null, World.GIGAFUEL);
    Roster slow = Roster.indexed(List.of(measured(World.node("ada"), asked, 5_000)));

    Placement placement = new Matcher(PoolTerms.DEFAULT, World.SECRET).place(asked, slow, 1);

    assertThat(placement.chosen()).isEmpty();
    assertThat(placement.explanation().removed())
        .containsExactly(new Explanation.Removed(Clause.LATENCY_P99, 1, 0));
    assertThat(Matcher.hopeless(asked, slow, 1)).isFalse();
  }

  @Test
  void theSmallestChangeIsToTheFigureThatIsMeasured() {
    Request asked = asking(1_000, null, World.GIGAFUEL);
    List<Node> nodes =
        List.of(
            measured(World.node("ada"), asked, 5_000), measured(World.node("bob"), asked, 1_300));

    Relaxation relaxation = Objects.requireNonNull(Advice.of(asked, 1, nodes).relaxation());

    assertThat(relaxation.changes())
        .containsExactly(
            new Relaxation.Change(
                Clause.LATENCY_P99, "policy.limits.latencyP99MillisMax", "1000", "1300", 3_000));
  }

  @Test
  void aJobRunsOnlyUnderLicencesThatItsPolicyAllows() {
    Node node = World.node("ada");
    Request mixed = asking(null, List.of("mit", "Apache-2.0"), 1);

    assertThat(LICENCE.test(using(mixed, "MIT", "APACHE-2.0"), node)).isEqualTo(Filters.FEASIBLE);
    assertThat(LICENCE.test(using(mixed), node)).isEqualTo(Filters.FEASIBLE);
    assertThat(LICENCE.test(using(asking(null, null, 1), "GPL-3.0-only"), node))
        .isEqualTo(Filters.FEASIBLE);
    assertThat(reason(LICENCE.test(using(mixed, "MIT", "GPL-3.0-only"), node)))
        .isEqualTo("the job uses what is under GPL-3.0-only, policy allows [mit, Apache-2.0]");
    assertThat(LICENCE.test(using(mixed, Licence.NONE_STATED), node))
        .isInstanceOf(Filter.Verdict.Never.class);
  }

  @Test
  void theLicenceThatIsMissingIsAdvisedUnlessNobodyStatesOne() {
    Request asked = using(asking(null, List.of("MIT"), 1), "MIT", "GPL-3.0-only");

    Advice advice = Advice.of(asked, 1, List.of(World.node("ada")));

    assertThat(advice.effects())
        .containsExactly(new Advice.Effect(Clause.LICENCE, "under GPL-3.0-only", 1, 1));
    assertThat(Objects.requireNonNull(advice.relaxation()).policy().limits().licences())
        .containsExactly("MIT", "GPL-3.0-only");
    assertThat(
            Advice.of(
                    using(asking(null, List.of("MIT"), 1), Licence.NONE_STATED),
                    1,
                    List.of(World.node("ada")))
                .relaxation())
        .isNull();
  }

  @Test
  void aNodeMayTakeOnlyWorkUnderLicencesOfItsChoice() {
    var terms = new OwnTerms("job.licences.all(l, l in ['MIT', 'Apache-2.0'])", "");
    terms.check();
    Request asked = asking(null, null, 1);

    assertThat(terms.accepts(using(asked, "MIT"))).isTrue();
    assertThat(terms.accepts(using(asked))).isTrue();
    assertThat(terms.accepts(using(asked, "MIT", "GPL-3.0-only"))).isFalse();
    assertThat(terms.accepts(using(asked, Licence.NONE_STATED))).isFalse();
  }

  private static Node measured(Node node, Request asked, int p99Millis) {
    return node.measured(
        new Latencies(List.of(new Latencies.Figure(WorkloadClass.of(asked), p99Millis))));
  }

  private static Request using(Request asked, String... licences) {
    return asked.of(new Work("inference", Map.of(), Governed.FREELY, List.of(licences)));
  }

  private static Request asking(Integer latency, List<String> licences, long fuelMax) {
    Policy policy =
        World.policy(
            new Policy.Weights(100, 0, 0, 0),
            new Policy.Limits(
                World.GIGAFUEL, 60_000, List.of(), null, 0, null, null, latency, licences),
            1);
    return new Request(
        World.task(1), 0, policy, fuelMax, 64L * World.MIB, Set.of(), Set.of(), 10_000_000);
  }

  private static String reason(Filter.Verdict verdict) {
    return switch (verdict) {
      case Filter.Verdict.Feasible _ -> "";
      case Filter.Verdict.NotYet(var reason) -> reason.text();
      case Filter.Verdict.Never(var reason) -> reason.text();
    };
  }
}

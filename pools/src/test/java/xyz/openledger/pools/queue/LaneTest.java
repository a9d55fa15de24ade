package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.pools.Affinity;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.Work;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TenantId;

/** Tasks share a lane, and its fate, only if they fit the same nodes. */
class LaneTest {
  private static final PoolTerms TERMS = new PoolTerms(0, 0, 16);
  private static final Matcher MATCHER = new Matcher(TERMS, Scene.SECRET);
  private static final Digest ROOT = Scene.digest("root");
  private static final String PROGRAM = "ab".repeat(48);

  private static final Node ADA = labelled("ada", "us", Map.of("failureDomain", "rack 1"));
  private static final Node BOB =
      labelled(
          "bob",
          "eu",
          Map.of(
              "failureDomain",
              "rack 2",
              "openledger.price.inference",
              "600000",
              "openledger.attestation-root",
              ROOT.hex().substring(0, 32),
              "openledger.attestation-measurement",
              PROGRAM.substring(0, 32)));

  /** Has no slot, and holds a replica of tasks that must be apart from it. */
  private static final Node ZOE =
      labelled("zoe", "eu", Map.of("failureDomain", "rack 1")).withFreeSlots(0);

  private static final Drawn USUAL = new Drawn(null, null, List.of(), "wasm", null, null);

  /** What a task asks beside what all of them ask. */
  private record Drawn(
      Integer latencyMax,
      List<String> allowed,
      List<String> licences,
      String kind,
      Digest root,
      Policy.Spread.By apart) {

    Request request(int number, TenantId tenant) {
      var limits =
          new Policy.Limits(
              Scene.GIGAFUEL, 60_000, List.of(), null, 0, null, null, latencyMax, allowed);
      var verification =
          root == null
              ? new Policy.Verification(Policy.Method.TRUSTED, null)
              : new Policy.Verification(
                  Policy.Method.TEE,
                  null,
                  null,
                  null,
                  null,
                  null,
                  new Policy.Attestation(List.of(root), List.of(PROGRAM), null));
      var policy =
          new Policy(
              null,
              limits,
              verification,
              null,
              null,
              null,
              null,
              null,
              apart == null ? null : new Policy.Spread(apart, true));
      return new Request(
              Scene.task(number),
              0,
              policy,
              Scene.GIGAFUEL,
              64 * Scene.MIB,
              Set.of(),
              Set.of(),
              500_000,
              new Scheduling(tenant, 5, 0, ""),
              new Work(kind, Map.of(), Governed.FREELY, licences))
          .near(apart == null ? Affinity.NONE : new Affinity(List.of(), Set.of(ZOE.id())));
    }
  }

  /** A way to forget one thing that is asked. */
  enum Forgotten {
    LATENCY(it -> new Drawn(null, it.allowed, it.licences, it.kind, it.root, it.apart)),
    LICENCES_ALLOWED(it -> new Drawn(it.latencyMax, null, it.licences, it.kind, it.root, it.apart)),
    LICENCES(it -> new Drawn(it.latencyMax, it.allowed, List.of(), it.kind, it.root, it.apart)),
    CLASS(it -> new Drawn(it.latencyMax, it.allowed, it.licences, "wasm", it.root, it.apart)),
    CHIP(
        it ->
            new Drawn(
                it.latencyMax,
                it.allowed,
                it.licences,
                it.kind,
                it.root == null ? null : ROOT,
                it.apart)),
    PLACE(
        it ->
            new Drawn(
                it.latencyMax,
                it.allowed,
                it.licences,
                it.kind,
                it.root,
                it.apart == null ? null : Policy.Spread.By.REGION));

    final UnaryOperator<Drawn> forget;

    Forgotten(UnaryOperator<Drawn> forget) {
      this.forget = forget;
    }
  }

  @Test
  void whatSharesALaneFitsTheSameNodes() {
    assertThat(mixed(UnaryOperator.identity())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aLaneThatForgotOneThingWouldBeNoticed(Forgotten planted) {
    assertThat(mixed(planted.forget)).isPresent();
  }

  static Stream<Drawn> unmeetable() {
    return Stream.of(
        new Drawn(1, null, List.of(), "wasm", null, null),
        new Drawn(null, List.of("MIT"), List.of("GPL-3.0-only"), "wasm", null, null),
        new Drawn(null, null, List.of(), "wasm", Scene.digest("no chip's root"), null));
  }

  @ParameterizedTest
  @MethodSource("unmeetable")
  void whatNoNodeMeetsKeepsNobodyElseWaiting(Drawn asked) {
    var queue = new PoolQueue(MATCHER, TERMS, QueueTerms.DEFAULT.byRank());
    var met = asked.root == null ? USUAL : new Drawn(null, null, List.of(), "wasm", ROOT, null);
    offer(queue, asked.request(0, Scene.ADA));
    offer(queue, met.request(1, Scene.ADA));
    offer(queue, met.request(2, Scene.BOB));
    offer(queue, asked.request(3, Scene.BOB));

    assertThat(queue.next(Roster.indexed(List.of(BOB)), 0))
        .extracting(grant -> grant.entry().request().task())
        .containsExactlyInAnyOrder(Scene.task(1), Scene.task(2));
    assertThat(queue.size()).isEqualTo(2);
  }

  @Test
  void whatMakesNoDifferenceSharesALane() {
    var under = new Drawn(null, null, List.of("MIT"), "wasm", null, null);

    assertThat(fit(under)).isEqualTo(fit(USUAL));
  }

  /** Two tasks of one lane, reckoned of what is left of them, that fit other nodes. */
  private static Optional<String> mixed(UnaryOperator<Drawn> left) {
    var first = new HashMap<Lane.Fit, Drawn>();
    for (Drawn each : all()) {
      Drawn other = first.putIfAbsent(fit(left.apply(each)), each);
      if (other != null && !fitting(other).equals(fitting(each))) {
        return Optional.of(each + " shares a lane with " + other);
      }
    }
    return Optional.empty();
  }

  private static Lane.Fit fit(Drawn drawn) {
    return Lane.of(drawn.request(0, Scene.ADA), Set.of()).fit();
  }

  private static List<NodeId> fitting(Drawn drawn) {
    Request request = drawn.request(0, Scene.ADA);
    return Stream.of(ADA, BOB)
        .filter(
            node ->
                !MATCHER
                    .place(
                        request,
                        Roster.of(List.of(node, ZOE)).inClass(ResourceClass.of(request)),
                        1)
                    .chosen()
                    .isEmpty())
        .map(Node::id)
        .toList();
  }

  private static List<Drawn> all() {
    var all = new ArrayList<Drawn>();
    for (Integer latency : new Integer[] {null, 1}) {
      for (List<String> allowed : List.of(List.<String>of(), List.of("MIT"))) {
        for (List<String> licences : List.of(List.<String>of(), List.of("GPL-3.0-only"))) {
          for (String kind : List.of("wasm", "inference")) {
            for (Digest root : new Digest[] {null, ROOT, Scene.digest("other root")}) {
              for (Policy.Spread.By apart :
                  new Policy.Spread.By[] {
                    null, Policy.Spread.By.REGION, Policy.Spread.By.FAILURE_DOMAIN
                  }) {
                all.add(
                    new Drawn(
                        latency, allowed.isEmpty() ? null : allowed, licences, kind, root, apart));
              }
            }
          }
        }
      }
    }
    return all;
  }

  private static void offer(PoolQueue queue, Request request) {
    queue.offer(new PoolQueue.Entry(request, 1, Long.MAX_VALUE), 0);
  }

  private static Node labelled(String name, String region, Map<String, String> labels) {
    Node node = Scene.node(name, name, region, 400_000, 256L * Scene.MIB, 4, 4, 5_000);
    return node.with(node.traits().labelled(labels));
  }
}

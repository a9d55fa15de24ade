package xyz.openledger.cluster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.actors.node.CapacityChallenges;
import xyz.openledger.actors.node.NodeEntity;
import xyz.openledger.actors.node.NodeEvent;
import xyz.openledger.actors.node.NodeIdentity;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.NodeNeighbours;
import xyz.openledger.actors.node.NodeTerms;
import xyz.openledger.actors.node.NodeView;
import xyz.openledger.actors.node.SessionMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.session.Benchmark;
import xyz.openledger.protocol.session.CapacityAsk;
import xyz.openledger.protocol.session.HubMessage;

/** A real agent walks through its memory, over a real gateway, for a real twin. */
class CapacityWithAgentTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What any machine does, and what none does. */
  private static final long MODEST = 20_000;

  private static final long BOAST = 250_000_000L;

  @TempDir Path folder;

  @Test
  void downgradesAMachineThatBoastsAndBelievesItOnceItClaimsWhatItDoes() throws Exception {
    ActorTestKit kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
    try (var talk = new Conversation(folder)) {
      var joined = talk.join("boaster", Conversation.terms("boaster"), claiming(BOAST));
      talk.start("boaster", Conversation.echo());
      await().atMost(PATIENCE).until(() -> !talk.directory.sessions.isEmpty());
      NodeId node = joined.node();
      PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
      journal.persistForRecovery(
          "node|" + node.value(),
          List.of(
              new NodeEvent.Enrolled(node, identity(node), terms(), 1),
              new NodeEvent.ChallengePassed(node, 2)));
      var pool = kit.createTestProbe(PoolMessage.class);
      var challenges =
          new CapacityChallenges(
              Digest.of(new byte[0]),
              Duration.ofMillis(200),
              Duration.ofDays(1),
              ForkJoinPool.commonPool());
      ActorRef<NodeMessage> twin =
          kit.spawn(
              NodeEntity.create(
                  node.value(),
                  new NodeNeighbours(
                      _ -> kit.createTestProbe(xyz.openledger.actors.job.JobMessage.class).ref(),
                      _ -> pool.ref(),
                      _ -> {
                        throw new AssertionError("nothing here asks for another challenge");
                      },
                      _ -> false,
                      PATIENCE,
                      challenges),
                  Clock.systemUTC()));
      MemoryDirectory.Session session = talk.directory.sessions.getFirst();
      session.walked = end -> twin.tell(new NodeMessage.CapacityAnswer(end.seed(), end.digest()));
      ActorRef<SessionMessage> down = kit.spawn(down(session));
      twin.tell(new NodeMessage.Attached(down, terms(), List.of(), 0, BOAST, 100));

      await().atMost(PATIENCE).until(() -> asked(kit, twin).downgrade() != null);
      assertThat(view(kit, twin).downgrade())
          .satisfies(
              found -> {
                assertThat(found.claimedPerSecond()).isEqualTo(BOAST);
                assertThat(found.measuredPerSecond()).isBetween(0L, BOAST / 2);
              });
      long believed =
          pool.fishForMessage(
                  PATIENCE,
                  message ->
                      message instanceof PoolMessage.NodeUp up
                              && up.offer().fuelPerCpuSecond() < terms().fuelPerCpuSecond()
                          ? org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.complete()
                          : org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes
                              .continueAndIgnore())
              .size();
      assertThat(believed).isEqualTo(1);
      assertThat(journal.persistedInStorage("node|" + node.value()))
          .filteredOn(NodeEvent.Downgraded.class::isInstance)
          .hasSize(1);

      twin.tell(new NodeMessage.Attached(down, terms(), List.of(), 0, MODEST, 100));
      await().atMost(PATIENCE).until(() -> asked(kit, twin).downgrade() == null);
      assertThat(journal.persistedInStorage("node|" + node.value()))
          .filteredOn(NodeEvent.Restored.class::isInstance)
          .hasSize(1);
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static Benchmark claiming(long steps) {
    return new Benchmark(1_000_000_000, 500, steps);
  }

  private static Behavior<SessionMessage> down(MemoryDirectory.Session session) {
    return Behaviors.receiveMessage(
        message -> {
          if (message instanceof SessionMessage.CapacityAsk(long seed, int steps)) {
            session.hub.send(new HubMessage.CapacityAsked(new CapacityAsk(seed, steps)));
          }
          return Behaviors.same();
        });
  }

  /** It is time for a challenge whenever we say so; one that is under way is not disturbed. */
  static NodeView asked(ActorTestKit kit, ActorRef<NodeMessage> twin) {
    twin.tell(new NodeMessage.CapacityDue());
    return view(kit, twin);
  }

  static NodeView view(ActorTestKit kit, ActorRef<NodeMessage> twin) {
    var probe = kit.createTestProbe(NodeView.class);
    twin.tell(new NodeMessage.Show(probe.ref()));
    return probe.receiveMessage(PATIENCE);
  }

  static NodeIdentity identity(NodeId node) {
    return new NodeIdentity(
        node,
        "boaster",
        Address.of(new byte[20]),
        PoolId.parse("pool-" + "a".repeat(26)),
        HexFormat.of().formatHex(new byte[32]),
        "02" + HexFormat.of().formatHex(new byte[32]));
  }

  private static NodeTerms terms() {
    return terms(1_000_000_000);
  }

  static NodeTerms terms(long fuelPerCpuSecond) {
    return new NodeTerms(
        5,
        4,
        1 << 28,
        "eu",
        40,
        65,
        "",
        Map.of(),
        fuelPerCpuSecond,
        300,
        new NodeTerms.NodeHardware(
            "Linux", "amd64", "a CPU", List.of(), 2, 1L << 33, 1L << 34, List.of(), "process",
            "test", List.of()));
  }
}

package xyz.openledger.cluster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.node.CapacityChallenges;
import xyz.openledger.actors.node.Challenge;
import xyz.openledger.actors.node.HeardBy;
import xyz.openledger.actors.node.Measure;
import xyz.openledger.actors.node.NodeEntity;
import xyz.openledger.actors.node.NodeEvent;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.NodeNeighbours;
import xyz.openledger.actors.node.SessionMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.cluster.member.NodeWords;
import xyz.openledger.nodes.execution.EndiveEngine;
import xyz.openledger.nodes.execution.LoadedModule;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.session.Benchmark;
import xyz.openledger.protocol.session.HubMessage;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.WasmGate;

/** A real agent burns fuel in a real engine, over a real gateway, for a real twin. */
class FuelWithAgentTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What any machine does within its quota, and what none does. */
  private static final long MODEST = 10_000_000;

  private static final long BOAST = 200_000_000_000L;

  @TempDir Path folder;

  private ActorTestKit kit;
  private TestProbe<PoolMessage> pool;

  @Test
  void downgradesAMachineThatClaimsMoreFuelThanItBurnsUntilItClaimsWhatItDoes() throws Exception {
    kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
    pool = kit.createTestProbe(PoolMessage.class);
    try (var talk = new Conversation(folder)) {
      Digest module = talk.blobs.add(xyz.openledger.verification.challenge.Challenge.module());
      var terms = Conversation.terms("boaster");
      NodeId node = talk.join("boaster", terms, new Benchmark(BOAST, 500)).node();
      talk.start("boaster", engine());
      await().atMost(PATIENCE).until(() -> !talk.directory.sessions.isEmpty());
      PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
      var claims = CapacityWithAgentTest.terms(BOAST);
      journal.persistForRecovery(
          "node|" + node.value(),
          List.of(
              new NodeEvent.Enrolled(node, CapacityWithAgentTest.identity(node), claims, 1),
              new NodeEvent.ChallengePassed(node, 2)));
      ActorRef<NodeMessage> twin = twin(node, module);
      MemoryDirectory.Session session = talk.directory.sessions.getFirst();
      ActorRef<SessionMessage> down = kit.spawn(down(session));
      session.shown = batch -> twin.tell(NodeWords.toTwin(batch, new HeardBy(down, 1)));
      twin.tell(new NodeMessage.Attached(down, claims, List.of(), 0, null, 100));

      await()
          .atMost(PATIENCE)
          .until(() -> CapacityWithAgentTest.asked(kit, twin).downgrade() != null);
      var found = CapacityWithAgentTest.view(kit, twin).downgrade();
      assertThat(found.measure()).isEqualTo(Measure.FUEL);
      assertThat(found.claimedPerSecond()).isEqualTo(BOAST);
      assertThat(found.measuredPerSecond()).isBetween(0L, BOAST / 2);
      pool.fishForMessage(
          PATIENCE,
          message ->
              message instanceof PoolMessage.NodeUp up && up.offer().fuelPerCpuSecond() <= BOAST / 2
                  ? org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.complete()
                  : org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes
                      .continueAndIgnore());
      assertThat(journal.persistedInStorage("node|" + node.value()))
          .filteredOn(NodeEvent.FuelDowngraded.class::isInstance)
          .hasSize(1);

      // A hundredth of a core is all that a slot may have: that much it does.
      var honest = CapacityWithAgentTest.terms(100 * MODEST);
      twin.tell(new NodeMessage.Attached(down, honest, List.of(), 0, null, 1));
      await()
          .atMost(PATIENCE)
          .until(() -> CapacityWithAgentTest.asked(kit, twin).downgrade() == null);
      assertThat(journal.persistedInStorage("node|" + node.value()))
          .filteredOn(NodeEvent.FuelRestored.class::isInstance)
          .hasSize(1);
    } finally {
      kit.shutdownTestKit();
    }
  }

  private ActorRef<NodeMessage> twin(NodeId node, Digest module) {
    var challenge =
        new Challenge(
            module, Conversation.CODE, List.of(), Digest.of(), 1, 1 << 24, 64, Digest.of());
    var challenges =
        new CapacityChallenges(
            Digest.of(new byte[1]),
            Duration.ofMillis(200),
            Duration.ofDays(1),
            ForkJoinPool.commonPool());
    ActorRef<PoolMessage> fences = kit.spawn(fences());
    return kit.spawn(
        NodeEntity.create(
            node.value(),
            new NodeNeighbours(
                _ -> kit.createTestProbe(JobMessage.class).ref(),
                _ -> fences,
                _ -> challenge,
                _ -> false,
                PATIENCE,
                challenges),
            Clock.systemUTC()));
  }

  /** A pool that numbers leases, and tells the probe of all else. */
  private Behavior<PoolMessage> fences() {
    var last = new long[1];
    return Behaviors.receiveMessage(
        message -> {
          if (message instanceof PoolMessage.NextFence(long seen, var replyTo)) {
            last[0] = Math.max(last[0], seen) + 1;
            replyTo.tell(new NodeMessage.ChallengeFence(last[0]));
          } else {
            pool.ref().tell(message);
          }
          return Behaviors.same();
        });
  }

  private static Behavior<SessionMessage> down(MemoryDirectory.Session session) {
    return Behaviors.receiveMessage(
        message -> {
          switch (message) {
            case SessionMessage.Leases(var works) ->
                session.lease(works.stream().map(FuelWithAgentTest::lease).toList());
            case SessionMessage.Cancels(var replicas) ->
                session.hub.send(new HubMessage.Cancelled(replicas));
            default -> {}
          }
          return Behaviors.same();
        });
  }

  private static Lease lease(NodeMessage.Work work) {
    return new Lease(
        work.replica(),
        work.fence(),
        work.module(),
        work.code(),
        work.arguments(),
        work.input(),
        0,
        ByteString.EMPTY,
        work.fuelMax(),
        work.memoryMaxBytes(),
        work.outputMaxBytes(),
        work.leaseMillis(),
        work.revealAtOnce(),
        work.priceNanoOpenPerGigafuel());
  }

  private static TaskRunner engine() throws Exception {
    byte[] gated =
        WasmGate.admit(xyz.openledger.verification.challenge.Challenge.module(), GateLimits.DEFAULT)
            .bytes();
    LoadedModule loaded = EndiveEngine.COMPILER.load(gated);
    return task ->
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return new TaskResult.Completed(Conversation.CODE, loaded.run(task.request()));
              } catch (Exception broken) {
                throw new IllegalStateException(broken);
              }
            });
  }
}

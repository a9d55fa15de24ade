package xyz.openledger.actors.job;

import static xyz.openledger.actors.job.Cast.ADA;
import static xyz.openledger.actors.job.Cast.CODE;
import static xyz.openledger.actors.job.Cast.JOB;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.spec;
import static xyz.openledger.actors.job.Cast.verification;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.pools.HeldBlobs;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.PoolId;

/** A partition between two pools that are alike but for what their nodes hold. */
class RoutingToInputsTest {
  private static final PoolId ATTIC = PoolId.of("olga", "attic");
  private static final PoolId BARN = PoolId.of("olga", "barn");

  @Test
  void aJobGoesToThePoolThatHoldsItsInput() {
    JobSpec job = spec(policy(verification(1, 1), 1_000), 1);
    var held = HeldBlobs.of(Map.of(job.tasks().getFirst().input().first(), 1));
    // One of them would be chosen anyway; so each in turn holds it.
    for (PoolId holds : List.of(ATTIC, BARN)) {
      ActorTestKit kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
      try {
        TestProbe<PoolMessage> asked = kit.createTestProbe(PoolMessage.class);
        TestProbe<PoolMessage> passedOver = kit.createTestProbe(PoolMessage.class);
        var neighbours =
            new Neighbours(
                kit.createTestProbe(AccountsMessage.class).ref(),
                kit.createTestProbe(LogMessage.class).ref(),
                pool -> pool.equals(holds) ? asked.ref() : passedOver.ref(),
                _ -> kit.createTestProbe(NodeMessage.class).ref(),
                () ->
                    List.of(
                        summary(ATTIC).holding(holds.equals(ATTIC) ? held : HeldBlobs.UNKNOWN),
                        summary(BARN).holding(holds.equals(BARN) ? held : HeldBlobs.UNKNOWN)),
                () -> GovernedRules.NONE,
                ProductChecks.NONE,
                _ -> 50L << 20);
        var partition =
            kit.spawn(JobPartition.create(JobPartition.of(JOB), neighbours, Clock.systemUTC()));
        var submitter = kit.createTestProbe(JobMessage.SubmitReply.class);
        partition.tell(new JobMessage.Submit(JOB, ADA, job, CODE, submitter.ref()));
        partition.tell(new JobMessage.Held(JOB, null, ""));

        asked.expectMessageClass(PoolMessage.Request.class, Duration.ofSeconds(20));
        passedOver.expectNoMessage(Duration.ZERO);
      } finally {
        kit.shutdownTestKit();
      }
    }
  }

  private static PoolSummary summary(PoolId pool) {
    return new PoolSummary(
        pool,
        pool.equals(ATTIC) ? "attic" : "barn",
        10,
        10,
        10,
        10,
        0,
        List.of("eu-west"),
        300,
        0,
        1_000_000_000,
        1_000,
        1L << 30,
        5_000);
  }
}

package xyz.openledger.actors.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.replica;

import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.WorkloadClass;

class WatchTest {
  private static final WorkloadClass LIGHT = WorkloadClass.of(1_000, 65_536);
  private static final Grant BOB = grant(replica(0, 0), "bob", 7, 100);

  private final TestInbox<JobMessage> job = TestInbox.create();
  private final Watch watch = new Watch();

  @Test
  void tellsAJobOnceThatAReplicaTakesMuchLongerThanIsForetold() {
    watch.began(BOB, LIGHT, 10_000, job.getRef(), 0);
    watch.look(30_000);
    assertThat(job.getAllReceived()).isEmpty();

    watch.look(30_001);
    watch.look(60_000);

    assertThat(job.getAllReceived())
        .singleElement()
        .isInstanceOfSatisfying(
            JobMessage.Straggles.class,
            said -> {
              assertThat(said.replica()).isEqualTo(BOB.replica());
              assertThat(said.fence()).isEqualTo(7);
              assertThat(said.detail()).contains("30001 ms");
            });
  }

  @Test
  void learnsWhatIsUsualFromWhatWasBrought() {
    for (int i = 0; i < 200; i++) {
      Grant quick = grant(replica(1, i), "quick", i, 100);
      watch.began(quick, LIGHT, 10_000, null, 0);
      watch.ended(quick.replica(), PoolQueue.End.BROUGHT, 5_000);
    }
    watch.began(BOB, LIGHT, 10_000, job.getRef(), 0);

    watch.look(11_251);

    assertThat(job.hasMessages()).isTrue();
  }

  @Test
  void saysNothingOfWhatIsOverOrWhatNobodyAskedAbout() {
    watch.began(BOB, LIGHT, 10_000, job.getRef(), 0);
    watch.ended(BOB.replica(), PoolQueue.End.LOST, 1_000);
    watch.began(grant(replica(0, 1), "carol", 8, 100), LIGHT, 10_000, null, 0);

    watch.look(1_000_000);

    assertThat(job.hasMessages()).isFalse();
  }

  @Test
  void hedgesNoMoreThanItsAllowance() {
    for (int i = 0; i < 100; i++) {
      watch.began(grant(replica(0, i), "node " + i, i + 1, 100), LIGHT, 1_000, job.getRef(), 0);
    }

    watch.look(1_000_000);

    assertThat(job.getAllReceived()).hasSize(10);
  }
}

package xyz.openledger.actors.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.node;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.verification;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.Cast;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.verification.NodeRecord;
import xyz.openledger.verification.Replica;
import xyz.openledger.verification.Reputation.Conduct;

class ShownTest {
  private static final long FUEL = 1_000_000;
  private static final long MEMORY = 65_536;
  private static final int LEASES = 10_000;

  private final Shown shown = new Shown(EpochSecret.of(new byte[EpochSecret.BYTES]));

  private static TaskId task(int number) {
    return new TaskId(JobId.of(Cast.ADA, "job " + number), 0);
  }

  private Replica.Standing standing(Policy.Verification verification, long fuel, int number) {
    var request =
        new Request(
            task(number), 0, policy(verification, 1_000), fuel, MEMORY, Set.of(), Set.of(), 1_000);
    return shown.standing(request, grant(new ReplicaId(task(number), 0), "bob", 1, 10));
  }

  private void proven(int times) {
    NodeRecord record = NodeRecord.NEW;
    for (int i = 0; i < times; i++) {
      record = record.after(WorkloadClass.of(FUEL, MEMORY).word(), Conduct.ACCEPTED, true, 1);
    }
    shown.records(Map.of(node("bob"), record));
  }

  private static Policy.Verification adaptive() {
    return new Policy.Verification(Policy.Method.ADAPTIVE, null);
  }

  @Test
  void auditsAboutAsOftenAsTheRateSaysAndTheSameTasksEachTime() {
    proven(100);
    shown.staked(node("bob"), 1_000_000_000);
    int audited = 0;
    for (int i = 0; i < LEASES; i++) {
      boolean once = standing(adaptive(), FUEL, i).audited();
      assertThat(standing(adaptive(), FUEL, i).audited()).isEqualTo(once);
      audited += once ? 1 : 0;
    }

    // A tenth, within four deviations of a binomial draw.
    assertThat(audited).isBetween(LEASES / 10 - 120, LEASES / 10 + 120);
  }

  @Test
  void auditsAllOfANodeWithoutAStakeAndNothingUnderAQuorum() {
    proven(100);

    for (int i = 0; i < 100; i++) {
      assertThat(standing(adaptive(), FUEL, i).audited()).isTrue();
      assertThat(standing(verification(2, 5), FUEL, i).audited()).isFalse();
    }
  }

  @Test
  void countsWhatWasShownInWorkOfTheSameKindAlone() {
    proven(100);

    assertThat(standing(adaptive(), FUEL, 1).confirmed()).isEqualTo(100);
    assertThat(standing(adaptive(), 1_000 * FUEL, 1).confirmed()).isZero();
  }
}

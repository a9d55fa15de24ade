package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;

class PartitionStateTest {
  private static final JobSpec SPEC = Cast.spec(Cast.policy(Cast.verification(1, 1), 1_000), 1);
  private static final JobSpec OTHER = Cast.spec(Cast.policy(Cast.verification(1, 1), 2_000), 1);

  @Test
  void remembersHowASettledJobEndedThroughASnapshotToo() {
    var state = new PartitionState();
    end(state, 1, JobEvent.End.SETTLED, null);
    end(state, 2, JobEvent.End.REFUSED, Problem.INSUFFICIENT_BALANCE);

    for (PartitionState known : new PartitionState[] {state, PartitionState.of(state.snapshot())}) {
      assertThat(known.size()).isZero();
      assertThat(reply(known, 1, SPEC))
          .isEqualTo(new JobMessage.SubmitReply(job(1), "settled", null, ""));
      assertThat(reply(known, 1, OTHER).problem()).isEqualTo(Problem.IDEMPOTENCY_CONFLICT);
      assertThat(reply(known, 2, SPEC).problem()).isEqualTo(Problem.INSUFFICIENT_BALANCE);
      assertThat(known.settled(job(3))).isNull();
    }
  }

  @Test
  void remembersTheLastOnesAlone() {
    var state = new PartitionState();
    for (int number = 0; number <= PartitionState.SETTLED_MAX; number++) {
      end(state, number, JobEvent.End.CANCELLED, null);
    }

    assertThat(state.settled(job(0))).isNull();
    assertThat(state.settled(job(1))).isNotNull();
    assertThat(state.snapshot().settled()).hasSize(PartitionState.SETTLED_MAX);
  }

  @Test
  void readsASnapshotOfBeforeTheyWereRemembered() {
    var state = PartitionState.of(new PartitionSnapshot(List.of(), 7, null));

    assertThat(state.nextHoldNumber()).isEqualTo(7);
    assertThat(state.settled(job(1))).isNull();
  }

  private static JobId job(int number) {
    return JobId.of(Cast.ADA, "job " + number);
  }

  private static JobMessage.SubmitReply reply(PartitionState state, int number, JobSpec spec) {
    SettledJob settled = state.settled(job(number));
    assertThat(settled).isNotNull();
    return settled.reply(spec);
  }

  private static void end(
      PartitionState state, int number, JobEvent.End end, @Nullable Problem problem) {
    JobEvent.Submitted first = Cast.submitted(SPEC);
    state.apply(
        new JobEvent.Submitted(
            job(number),
            first.tenant(),
            first.spec(),
            first.code(),
            first.holdNumber(),
            first.governanceEpoch(),
            first.ruleHash(),
            first.atMillis(),
            first.governed(),
            first.modelOwner(),
            first.licences()));
    state.apply(new JobEvent.Finished(job(number), end, problem, "", null, 2));
    state.apply(new JobEvent.Settled(job(number), -1, 3));
  }
}

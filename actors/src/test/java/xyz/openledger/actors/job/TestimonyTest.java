package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.placed;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.said;
import static xyz.openledger.actors.job.Cast.spec;
import static xyz.openledger.actors.job.Cast.submitted;
import static xyz.openledger.actors.job.Cast.verification;

import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.node.HeardBy;
import xyz.openledger.actors.node.SessionMessage;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.Replica.Standing;
import xyz.openledger.verification.Reveal;

/** Two nodes work on one task; what each binds itself to, and what it shows then. */
class TestimonyTest {
  private static final HeardBy HEARD = new HeardBy(TestInbox.<SessionMessage>create().getRef(), 1);
  private static final Grant ADA = grant(replica(0, 0), "ada", 1, 100);
  private static final Grant EVE = grant(replica(0, 1), "eve", 2, 100);
  private static final Digest SALT = Cast.digest("ada's salt");

  private final PartitionState state =
      new PartitionState()
          .apply(submitted(spec(policy(verification(2, 3), 1_000_000), 1)))
          .apply(placed(1, ADA, EVE));

  @Test
  void whatFitsItsCommitmentIsTaken() {
    commits(ADA, commitment(ADA, "42"));

    assertThat(shows(ADA, said("42"), SALT)).first().isInstanceOf(JobEvent.Revealed.class);
  }

  @Test
  void whatDoesNotFitItsCommitmentIsRefusedAndTheReasonIsKept() {
    commits(ADA, commitment(ADA, "42"));

    refused(shows(ADA, said("43"), SALT), Problem.DIGEST_MISMATCH, "does not fit its commitment");
    refused(
        shows(ADA, said("42"), Cast.digest("another salt")),
        Problem.DIGEST_MISMATCH,
        "does not fit its commitment");
  }

  @Test
  void aCommitmentCopiedFromAnotherNodeCannotBeOpened() {
    Digest hers = commitment(ADA, "42");
    commits(ADA, hers);
    commits(EVE, hers);

    // Even if she learnt answer and salt before all have shown: it binds another node and replica.
    refused(shows(EVE, said("42"), SALT), Problem.DIGEST_MISMATCH, "does not fit its commitment");
  }

  @Test
  void aSecondCommitmentChangesNothing() {
    commits(EVE, commitment(EVE, "blank"));

    assertThat(committing(EVE, commitment(EVE, "42"))).isEmpty();
    refused(shows(EVE, said("42"), SALT), Problem.DIGEST_MISMATCH, "does not fit its commitment");
  }

  @Test
  void aCommitmentOfAnEarlierLeaseIsWorthless() {
    Grant before = grant(replica(0, 7), "eve", 1, 100);
    commits(EVE, commitment(before, "42"));

    refused(shows(EVE, said("42"), SALT), Problem.DIGEST_MISMATCH, "does not fit its commitment");
    assertThat(committing(grant(replica(0, 1), "eve", 1, 100), commitment(EVE, "42"))).isEmpty();
  }

  @Test
  void whatIsShownWithoutACommitmentIsRefusedWhereOthersWorkOnIt() {
    refused(
        shows(ADA, said("42"), SALT), Problem.PROTOCOL_VIOLATION, "without having committed to it");
  }

  @Test
  void onlyWhoMayBeBelievedAloneShowsAtOnce() {
    var adaptive = new Policy.Verification(Policy.Method.ADAPTIVE, null);
    var one =
        new PartitionState()
            .apply(submitted(spec(policy(adaptive, 1_000_000), 1)))
            .apply(placed(1, ADA.of(new Standing(40, 0, false))));

    assertThat(shows(one, ADA, said("42"), SALT)).first().isInstanceOf(JobEvent.Revealed.class);
  }

  @Test
  void whoeverMayBeBelievedAloneCommitsFirstWhereAnotherIsAtWork() {
    var adaptive = new Policy.Verification(Policy.Method.ADAPTIVE, null);
    Grant proven = EVE.of(new Standing(40, 0, false));
    var together =
        new PartitionState()
            .apply(submitted(spec(policy(adaptive, 1_000_000), 1)))
            .apply(placed(1, ADA.of(new Standing(40, 0, false)), proven));
    var later =
        new PartitionState()
            .apply(submitted(spec(policy(adaptive, 1_000_000), 1)))
            .apply(placed(1, ADA.of(new Standing(40, 0, false))))
            .apply(placed(2, proven));

    for (PartitionState each : List.of(together, later)) {
      refused(
          shows(each, proven, said("42"), SALT),
          Problem.PROTOCOL_VIOLATION,
          "without having committed to it");
    }
    refused(
        shows(together, ADA.of(new Standing(40, 0, false)), said("42"), SALT),
        Problem.PROTOCOL_VIOLATION,
        "without having committed to it");
    assertThat(shows(later, ADA.of(new Standing(40, 0, false)), said("42"), SALT))
        .as("it was alone when it was leased")
        .first()
        .isInstanceOf(JobEvent.Revealed.class);
  }

  @Test
  void onlyWhereHonestRunsMayDifferIsAnOutcomeOfOneRunAlone() {
    var exact = new PartitionState().apply(submitted(one(List.of("ort1")))).apply(placed(1, ADA));
    var mayDiffer = new PartitionState().apply(submitted(one(List.of()))).apply(placed(1, ADA));
    Digest task = task(mayDiffer);

    assertThat(states(mayDiffer, run(task)))
        .as("of this run")
        .first()
        .isInstanceOf(JobEvent.Revealed.class);
    assertThat(states(mayDiffer, task))
        .as("as agents of earlier releases say it")
        .first()
        .isInstanceOf(JobEvent.Revealed.class);
    refused(
        states(mayDiffer, ResultStatement.oneRun(task, ADA.replica(), ADA.fence() + 1)),
        Problem.CODE_MISMATCH,
        "the lease is for task");
    refused(states(exact, run(task(exact))), Problem.CODE_MISMATCH, "the lease is for task");
  }

  @Test
  void twoOutcomesConvictOnlyWhereHonestRunsMayNotDiffer() {
    for (List<String> arguments : List.of(List.of("ort1"), List.<String>of())) {
      var state = new PartitionState().apply(submitted(one(arguments))).apply(placed(1, ADA));
      Digest task = task(state);
      states(state, task).forEach(state::apply);

      assertThat(Convictions.seen(state.job(Cast.JOB), revealed(ADA, said("43"), SALT, task)))
          .as("with arguments " + arguments)
          .matches(seen -> (seen == null) == arguments.isEmpty());
    }
  }

  /** A model of ONNX under a policy that takes the first answer. */
  private static JobSpec one(List<String> arguments) {
    return new JobSpec(
        "scores",
        Map.of(),
        new Workload.Onnx(Cast.digest("model"), Cast.FUEL_MAX, 16 * 65_536, Cast.OUTPUT_MAX),
        List.of(new JobSpec.Task(arguments, Cast.digest("input"))),
        policy(verification(1, 1), 1_000_000));
  }

  private static Digest task(PartitionState state) {
    return state.job(Cast.JOB).tasks().getFirst().identity();
  }

  private static Digest run(Digest task) {
    return ResultStatement.oneRun(task, ADA.replica(), ADA.fence());
  }

  private static List<JobEvent> states(PartitionState state, Digest stated) {
    return Testimony.revealed(state, revealed(ADA, said("42"), SALT, stated), 3);
  }

  private static JobMessage.Revealed revealed(
      Grant grant, Outcome outcome, Digest salt, Digest stated) {
    var statement = new ResultStatement(grant.replica(), stated, outcome.digest(), grant.fence());
    return new JobMessage.Revealed(
        grant.node(),
        new Reveal(grant.replica(), grant.fence(), stated, outcome, salt),
        Cast.statement(statement),
        null,
        HEARD);
  }

  private void commits(Grant grant, Digest commitment) {
    committing(grant, commitment).forEach(state::apply);
  }

  private List<JobEvent> committing(Grant grant, Digest commitment) {
    return Testimony.committed(
        state,
        new JobMessage.Committed(grant.replica(), grant.node(), grant.fence(), commitment, HEARD),
        2);
  }

  private static Digest commitment(Grant grant, String output) {
    return Commitment.of(grant.replica(), grant.node(), said(output).digest(), SALT.bytes());
  }

  private List<JobEvent> shows(Grant grant, Outcome outcome, Digest salt) {
    return shows(state, grant, outcome, salt);
  }

  private static List<JobEvent> shows(
      PartitionState state, Grant grant, Outcome outcome, Digest salt) {
    return Testimony.revealed(state, revealed(grant, outcome, salt, task(state)), 3);
  }

  private static void refused(List<JobEvent> events, Problem problem, String reason) {
    assertThat(events)
        .first()
        .isInstanceOfSatisfying(
            JobEvent.Lost.class,
            lost ->
                assertThat(lost.losses())
                    .singleElement()
                    .satisfies(
                        loss -> {
                          assertThat(loss.problem()).isEqualTo(problem);
                          assertThat(loss.detail()).contains(reason);
                        }));
  }
}

package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.DEADLINE_MILLIS;
import static xyz.openledger.actors.job.Cast.committed;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.placed;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.spec;
import static xyz.openledger.actors.job.Cast.submitted;
import static xyz.openledger.actors.job.Cast.verification;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Policy;

class ShortfallTest {
  private static final Policy.Verification ADAPTIVE =
      new Policy.Verification(Policy.Method.ADAPTIVE, null);
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 100);

  @Test
  void namesTheErrorThatIsLeftTheOwnersThatItTakesAndTheBudget() {
    Job job = begun(ADAPTIVE);

    assertThat(Shortfall.of(job, job.tasks().getFirst()))
        .hasValue(
            "if the 1 at work agree, an error of 20 % would be left, and 1 % is allowed; that takes"
                + " 3 more of whom nothing is known, each for at most 333300 nano-OPEN");
  }

  @Test
  void isSaidAtOnceWhileItWaitsAndOnceItsDeadlinePasses() {
    Job job = begun(ADAPTIVE);
    var now = new Progress();
    now.held = true;
    Routing.want(job, now, (JobRules.Step.Lease) JobRules.steps(job).getFirst());

    assertThat(Words.waiting(job, now)).anyMatch(line -> line.contains("an error of 20 %"));
    assertThat(Objects.requireNonNull(Stage.passed(job, DEADLINE_MILLIS + 1, 0)).detail())
        .contains("an error of 20 %");
  }

  @Test
  void isNotSaidWhereOwnersAreCounted() {
    Job job = begun(verification(2, 3));

    assertThat(Shortfall.of(job, job.tasks().getFirst())).isEmpty();
    Job waiting = Job.of(submitted(spec(policy(ADAPTIVE, 1_000_000), 1)));
    assertThat(Shortfall.of(waiting, waiting.tasks().getFirst())).isEmpty();
  }

  private static Job begun(Policy.Verification verification) {
    return Job.of(submitted(spec(policy(verification, 1_000_000), 1)))
        .apply(placed(1, BOB))
        .apply(committed(2, BOB.replica()));
  }
}

package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.Cast.node;
import static xyz.openledger.verification.Cast.owner;
import static xyz.openledger.verification.Cast.replica;
import static xyz.openledger.verification.Cast.said;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.verification.Replica.Standing;

class TrustTest {
  private static final Outcome RIGHT = said("right");
  private static final Outcome LIE = said("lie");

  private static Policy.Verification trust(int trust) {
    return new Policy.Verification(Policy.Method.TRUST, null, null, trust, null);
  }

  private static Replica worker(int number, long score, boolean audited, Outcome outcome) {
    return Replica.leased(replica(number), node("n" + number), owner("o" + number))
        .of(new Standing(0, score, audited))
        .revealed(outcome);
  }

  /** How many workers of one score it takes: the published numbers of PoCo's rule. */
  @ParameterizedTest(name = "trust {0}")
  @CsvSource({"10, 4 3 2 1 1 1", "100, 7 5 3 2 1 1", "1000, 10 7 4 2 2 1"})
  void takesAsManyAsTheRuleSays(int trust, String workers) {
    long[] scores = {0, 12, 30, 300, 303, 3_003};
    String[] expected = workers.split(" ");
    for (int i = 0; i < scores.length; i++) {
      var replicas = new ArrayList<Replica>();
      while (!(Trust.decide(trust(trust), replicas) instanceof Verdict.Accepted)) {
        replicas.add(worker(replicas.size(), scores[i], false, RIGHT));
      }
      assertThat(replicas).as("score %d", scores[i]).hasSize(Integer.parseInt(expected[i]));
    }
  }

  @Test
  void asksForAsManyStrangersAsItTakesIfTheyAgree() {
    assertThat(Trust.decide(trust(10), List.of()))
        .isInstanceOfSatisfying(Verdict.Lease.class, it -> assertThat(it.count()).isEqualTo(1));
    Replica first = Replica.leased(replica(0), node("n0"), owner("o0"));
    assertThat(Trust.decide(trust(10), List.of(first)))
        .isInstanceOfSatisfying(Verdict.Lease.class, it -> assertThat(it.count()).isEqualTo(3));
  }

  @Test
  void aHiddenAuditWantsASecondOwnerHoweverHeavyTheFirst() {
    assertThat(Trust.decide(trust(10), List.of(worker(0, 3_000, false, RIGHT))))
        .isInstanceOf(Verdict.Accepted.class);
    assertThat(Trust.decide(trust(10), List.of(worker(0, 3_000, true, RIGHT))))
        .isInstanceOf(Verdict.Lease.class);
  }

  @Test
  void oneThatWeighsMoreOutweighsTwoStrangersWhoLie() {
    var replicas =
        List.of(worker(0, 0, false, LIE), worker(1, 0, false, LIE), worker(2, 3_000, false, RIGHT));

    assertThat(Trust.decide(trust(10), replicas))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class, it -> assertThat(it.outcome()).isEqualTo(RIGHT));
  }

  @Test
  void givesUpWhereNoGroupCanWeighEnoughAnyMore() {
    var policy =
        new Policy.Verification(
            Policy.Method.TRUST, new Policy.Parameters(1, 3), null, 1_000_000, null);

    assertThat(Trust.decide(policy, List.of(worker(0, 0, false, RIGHT))))
        .isEqualTo(new Verdict.NoAgreement(Problem.NO_AGREEMENT));
  }
}

package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;

class CommitteeTest {
  private static final Policy.Verification DISPUTE =
      new Policy.Verification(Policy.Method.DISPUTE, new Policy.Parameters(2, 5));
  private static final Outcome RIGHT = Cast.said("right");
  private static final Outcome WRONG = Cast.said("wrong");

  @Test
  void nobodyIsCalledWhereTheTwoAgree() {
    assertThat(Verdicts.of(DISPUTE, revealed(RIGHT, RIGHT)))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class, verdict -> assertThat(verdict.outcome()).isEqualTo(RIGHT));
  }

  @Test
  void threeOthersAreLeasedAtOnceWhereTheyDiffer() {
    assertThat(Verdicts.of(DISPUTE, revealed(WRONG, RIGHT)))
        .isInstanceOfSatisfying(
            Verdict.Lease.class,
            lease -> {
              assertThat(lease.count()).isEqualTo(3);
              assertThat(lease.ownersExcluded())
                  .containsExactlyInAnyOrder(Cast.owner("o0"), Cast.owner("o1"));
            });
  }

  @Test
  void theCommitteeIsShownOnlyOnceAllOfItHaveCommitted() {
    var replicas = revealed(WRONG, RIGHT);
    replicas.add(leased(2).in(Replica.State.COMMITTED));
    replicas.add(leased(3).in(Replica.State.COMMITTED));
    replicas.add(leased(4));
    assertThat(Verdicts.of(DISPUTE, replicas)).isEqualTo(new Verdict.Wait());

    replicas.set(4, leased(4).in(Replica.State.COMMITTED));
    assertThat(Verdicts.of(DISPUTE, replicas))
        .isInstanceOfSatisfying(
            Verdict.Reveal.class, reveal -> assertThat(reveal.replicas()).hasSize(3));
  }

  @Test
  void whoBeganTheDisputeHasNoVote() {
    // With the party's own vote the wrong outcome would have two of three that were heard.
    assertThat(Verdicts.of(DISPUTE, revealed(WRONG, RIGHT, WRONG)))
        .isInstanceOf(Verdict.Lease.class);
    assertThat(Verdicts.of(DISPUTE, revealed(WRONG, RIGHT, WRONG, RIGHT, RIGHT)))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            verdict -> {
              assertThat(verdict.outcome()).isEqualTo(RIGHT);
              assertThat(verdict.dissenting()).containsExactly(Cast.replica(0), Cast.replica(2));
            });
  }

  @Test
  void bothPartiesMayBeWrong() {
    assertThat(Verdicts.of(DISPUTE, revealed(WRONG, Cast.said("other"), RIGHT, RIGHT)))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            verdict ->
                assertThat(verdict.dissenting()).containsExactly(Cast.replica(0), Cast.replica(1)));
  }

  @Test
  void aCommitteeWithoutMajorityDecidesNothingAndAccusesNobody() {
    assertThat(
            Verdicts.of(
                DISPUTE, revealed(WRONG, RIGHT, Cast.said("a"), Cast.said("b"), Cast.said("c"))))
        .isEqualTo(new Verdict.NoAgreement(Problem.NO_AGREEMENT));
  }

  @Test
  void aSeatThatWasLostIsFilledAgain() {
    var replicas = revealed(WRONG, RIGHT);
    replicas.add(leased(2).in(Replica.State.LOST));
    replicas.add(leased(3));
    replicas.add(leased(4));
    assertThat(Verdicts.of(DISPUTE, replicas))
        .isInstanceOfSatisfying(
            Verdict.Lease.class, lease -> assertThat(lease.count()).isEqualTo(1));
  }

  @Test
  void anOwnerHasOneVoteHoweverManyOfItsMachinesSit() {
    var replicas = revealed(WRONG, RIGHT, WRONG);
    replicas.add(
        Replica.leased(Cast.replica(3), Cast.node("again"), Cast.owner("o2")).revealed(WRONG));
    assertThat(Verdicts.of(DISPUTE, replicas)).isInstanceOf(Verdict.Lease.class);
  }

  @Test
  void aPolicyWithoutRoomForACommitteeEndsWithoutAgreement() {
    var two = new Policy.Verification(Policy.Method.DISPUTE, new Policy.Parameters(2, 2));
    assertThat(Verdicts.of(two, revealed(WRONG, RIGHT)))
        .isEqualTo(new Verdict.NoAgreement(Problem.NO_AGREEMENT));
  }

  @Test
  void anEvenNumberOfPlacesLeavesOneEmpty() {
    for (int max = 2; max <= 15; max++) {
      int seats = Committee.seats(new Policy.Parameters(2, max));
      assertThat(seats == 0 ? 1 : seats % 2).isEqualTo(1);
      assertThat(seats).isLessThanOrEqualTo(Math.max(0, max - 2)).isLessThanOrEqualTo(7);
    }
  }

  /**
   * Every play of liars and honest machines ends, and a liar's outcome stands with a majority only.
   */
  @Test
  void lyingMachinesWinOnlyWithTheMajorityOfSeats() {
    var random = new SplittableRandom(7);
    int rightStood = 0;
    int wrongStood = 0;
    for (int play = 0; play < 20_000; play++) {
      int agreement = random.nextInt(2, 4);
      var parameters = new Policy.Parameters(agreement, random.nextInt(agreement, 12));
      var policy = new Policy.Verification(Policy.Method.DISPUTE, parameters);
      int liars = random.nextInt(0, 60);
      var replicas = new ArrayList<Replica>();
      var lies = new ArrayList<Boolean>();
      Verdict end = null;
      for (int step = 0; step < 100 && end == null; step++) {
        switch (Verdicts.of(policy, replicas)) {
          case Verdict.Lease(var count, var _, var excluded, var _) -> {
            for (int i = 0; i < count; i++) {
              int number = replicas.size();
              assertThat(excluded).doesNotContain(Cast.owner("o" + number));
              lies.add(random.nextInt(100) < liars);
              replicas.add(leased(number));
            }
          }
          case Verdict.Reveal(var shown) -> {
            for (var id : shown) {
              replicas.set(
                  id.number(), leased(id.number()).revealed(lies.get(id.number()) ? WRONG : RIGHT));
            }
          }
          case Verdict.Wait _ ->
              replicas.replaceAll(
                  each ->
                      each.state() != Replica.State.LEASED
                          ? each
                          : each.in(
                              random.nextInt(12) == 0
                                  ? Replica.State.LOST
                                  : Replica.State.COMMITTED));
          case Verdict.Accepted accepted -> end = accepted;
          case Verdict.NoAgreement none -> end = none;
        }
      }
      assertThat(end).as("an end of %s", replicas).isNotNull();
      if (end instanceof Verdict.Accepted accepted) {
        var live = replicas.stream().filter(Replica::live).toList();
        boolean unanimous =
            live.stream().limit(agreement).allMatch(r -> accepted.outcome().equals(r.outcome()));
        long votes =
            live.stream()
                .skip(agreement)
                .filter(r -> accepted.outcome().equals(r.outcome()))
                .count();
        assertThat(unanimous || votes > Committee.seats(parameters) / 2).isTrue();
        if (accepted.outcome().equals(RIGHT)) {
          rightStood++;
        } else {
          wrongStood++;
        }
      }
    }
    // Both happen, so that the check above is one.
    assertThat(rightStood).isGreaterThan(5_000);
    assertThat(wrongStood).isGreaterThan(100);
  }

  private static List<Replica> revealed(Outcome... outcomes) {
    var replicas = new ArrayList<Replica>();
    Arrays.stream(outcomes).forEach(it -> replicas.add(leased(replicas.size()).revealed(it)));
    return replicas;
  }

  private static Replica leased(int number) {
    return Replica.leased(Cast.replica(number), Cast.node("n" + number), Cast.owner("o" + number));
  }
}

package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.Cast.node;
import static xyz.openledger.verification.Cast.owner;
import static xyz.openledger.verification.Cast.replica;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Policy;
import xyz.openledger.verification.Replica.Standing;

class RehearsalTest {
  private static final Policy.Verification ONE_PERCENT =
      new Policy.Verification(Policy.Method.ADAPTIVE, null);

  @Test
  void takesFourStrangersForOnePercent() {
    assertThat(Rehearsal.of(ONE_PERCENT, strangers(9))).isEqualTo(done(4));
  }

  @Test
  void takesOneWhoHasProvenItselfAndTwoWhereItIsAudited() {
    assertThat(Rehearsal.of(ONE_PERCENT, owners(new Standing(20, false)))).isEqualTo(done(1));
    assertThat(Rehearsal.of(ONE_PERCENT, owners(new Standing(20, true), new Standing(20, false))))
        .isEqualTo(done(2));
  }

  @Test
  void saysHowManyStrangersWouldYetBeNeeded() {
    assertThat(Rehearsal.of(ONE_PERCENT, strangers(2)))
        .isEqualTo(new Rehearsal(2, false, 2, false));
    assertThat(Rehearsal.of(ONE_PERCENT, List.of()).owners()).isEqualTo(1);
  }

  @Test
  void makesDoWithFewerWhereOneOfThemIsKnown() {
    assertThat(Rehearsal.of(ONE_PERCENT, owners(Standing.NONE, new Standing(20, false))))
        .isEqualTo(done(2));
  }

  @Test
  void saysWhenThePolicyAllowsTooFewExecutions() {
    var tight =
        new Policy.Verification(
            Policy.Method.ADAPTIVE, new Policy.Parameters(1, 3), 10_000, null, null);

    assertThat(Rehearsal.of(tight, strangers(9)).over()).isTrue();
  }

  @Test
  void countsTheOwnersOfAQuorumAndTheWeightOfTrust() {
    var quorum = new Policy.Verification(Policy.Method.QUORUM, new Policy.Parameters(3, 7));
    var trust =
        new Policy.Verification(Policy.Method.TRUST, new Policy.Parameters(1, 15), null, 100, null);

    assertThat(Rehearsal.of(quorum, strangers(9))).isEqualTo(done(3));
    // Each stranger weighs two: 2^7 is the first power above 99.
    assertThat(Rehearsal.of(trust, strangers(9))).isEqualTo(done(7));
  }

  private static Rehearsal done(int executions) {
    return new Rehearsal(executions, true, 0, false);
  }

  private static List<Replica> strangers(int count) {
    return owners(Stream.generate(() -> Standing.NONE).limit(count).toArray(Standing[]::new));
  }

  private static List<Replica> owners(Standing... standings) {
    return IntStream.range(0, standings.length)
        .mapToObj(i -> Replica.leased(replica(i), node("n" + i), owner("o" + i)).of(standings[i]))
        .toList();
  }
}

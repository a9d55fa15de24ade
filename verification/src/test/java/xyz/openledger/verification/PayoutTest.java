package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.verification.Cast.node;
import static xyz.openledger.verification.Cast.owner;
import static xyz.openledger.verification.Cast.replica;
import static xyz.openledger.verification.Cast.said;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Replica.State;

class PayoutTest {
  private static final long PRICE = 7_000_000;

  @Test
  void paysWhoeverAgreedAndNobodyElse() {
    checkPayouts(Standing.ACCEPTED::equals);
  }

  @Test
  void payingADissenterIsCaught() {
    assertThatThrownBy(() -> checkPayouts(_ -> true)).isInstanceOf(AssertionError.class);
  }

  @Test
  void paysNobodyWithoutAgreement() {
    var replicas =
        List.of(
            Replica.leased(replica(0), node("ada"), owner("ada")).revealed(said("42")),
            Replica.leased(replica(1), node("eve"), owner("eve")).revealed(said("43")));

    var payouts = Payout.of(new Verdict.NoAgreement(Problem.NO_AGREEMENT), replicas, _ -> PRICE);

    assertThat(payouts)
        .containsExactly(
            new Payout(replica(0), owner("ada"), Standing.RELEASED, 0),
            new Payout(replica(1), owner("eve"), Standing.RELEASED, 0));
  }

  /** Draws tasks and holds the payouts against the rule, told in other words. */
  private static void checkPayouts(Predicate<Standing> earns) {
    var random = new SplittableRandom(2);
    for (int i = 0; i < 500; i++) {
      var replicas = new ArrayList<Replica>();
      Set<ReplicaId> agreeing = new LinkedHashSet<>();
      Set<ReplicaId> dissenting = new LinkedHashSet<>();
      for (int number = 0; number < random.nextInt(1, 7); number++) {
        var leased = Replica.leased(replica(number), node("n" + number), owner("o" + number));
        switch (random.nextInt(4)) {
          case 0 -> {
            replicas.add(leased.revealed(said("truth")));
            agreeing.add(leased.id());
          }
          case 1 -> {
            replicas.add(leased.revealed(said("lie")));
            dissenting.add(leased.id());
          }
          case 2 -> replicas.add(leased.in(State.LOST));
          default -> replicas.add(leased.in(State.COMMITTED));
        }
      }
      var payouts =
          Payout.of(
              new Verdict.Accepted(said("truth"), agreeing, dissenting),
              replicas,
              replica -> PRICE + replica.number(),
              earns);
      assertThat(payouts).hasSameSizeAs(replicas);
      for (Payout payout : payouts) {
        long due =
            agreeing.contains(payout.replica())
                ? Price.ofReplica(said("truth").fuelUsed(), PRICE + payout.replica().number())
                : 0;
        assertThat(payout.nanoOpen()).isEqualTo(due);
        assertThat(payout.standing() == Standing.REJECTED)
            .isEqualTo(dissenting.contains(payout.replica()));
      }
    }
  }
}

package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.Cast.node;
import static xyz.openledger.verification.Cast.owner;
import static xyz.openledger.verification.Cast.replica;
import static xyz.openledger.verification.Cast.said;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Replica.State;

class PayoutTest {
  private static final long PRICE = 7_000_000;

  @Test
  void paysNobodyAndCallsNobodyWrongWithoutAgreementOrBeforeTheVerdict() {
    var honest = Replica.leased(replica(0), node("ada"), owner("ada")).revealed(said("42"));

    for (Verdict verdict :
        List.of(
            new Verdict.NoAgreement(Problem.NO_AGREEMENT),
            new Verdict.Wait(),
            new Verdict.Reveal(List.of(replica(1))),
            new Verdict.Lease(1, Set.of(), Set.of()))) {
      assertThat(Payout.of(verdict, honest, PRICE)).isEqualTo(new Payout(Standing.RELEASED, 0));
    }
  }

  /** Draws tasks and holds the payouts against the rule, told in other words. */
  @Test
  void paysWhoeverAgreedAndNobodyElse() {
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
      var verdict = new Verdict.Accepted(said("truth"), agreeing, dissenting);
      for (Replica replica : replicas) {
        long price = PRICE + replica.id().number();
        Payout payout = Payout.of(verdict, replica, price);
        boolean agreed = agreeing.contains(replica.id());
        assertThat(payout.nanoOpen())
            .isEqualTo(agreed ? Price.ofReplica(said("truth").fuelUsed(), price) : 0);
        assertThat(payout.standing() == Standing.ACCEPTED).isEqualTo(agreed);
        assertThat(payout.standing() == Standing.REJECTED)
            .isEqualTo(dissenting.contains(replica.id()));
        assertThat(payout.standing() == Standing.LOST).isEqualTo(replica.state() == State.LOST);
      }
    }
  }
}

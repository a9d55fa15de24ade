package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

class BudgetTest {
  @Test
  void givesEachReplicaAnEqualShareOfWhatRemains() {
    var budget = Budget.of(1_000);

    assertThat(budget.shareNanoOpen(3)).isEqualTo(333);
    assertThat(budget.reserve(333).shareNanoOpen(2)).isEqualTo(333);
    assertThat(budget.reserve(333).settle(333, 33).shareNanoOpen(2)).isEqualTo(483);
  }

  @Test
  void refusesALeaseThatItsWorstCaseDoesNotCover() {
    assertThatThrownBy(() -> Budget.of(1_000).reserve(600).reserve(401))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem()).isEqualTo(Problem.BUDGET_EXHAUSTED);
              assertThat(refused.detail())
                  .isEqualTo("a replica may cost 401 nano-OPEN, 400 of 1000 remain");
            });
  }

  @Test
  void refusesToPayMoreThanWasReserved() {
    assertThatThrownBy(() -> Budget.of(1_000).reserve(10).settle(10, 11))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> Budget.of(1_000).settle(10, 5)).isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theLimitHoldsWhateverHappens(long seed) {
    var random = new SplittableRandom(seed);
    long max = random.nextLong(1, Long.MAX_VALUE);
    var budget = Budget.of(max);
    var leases = new ArrayList<Long>();
    for (int i = 0; i < 1_000; i++) {
      if (leases.isEmpty() || random.nextBoolean()) {
        long reserved = budget.shareNanoOpen(random.nextInt(1, 10));
        budget = budget.reserve(reserved);
        leases.add(reserved);
      } else {
        long reserved = leases.removeLast();
        budget = budget.settle(reserved, reserved == 0 ? 0 : random.nextLong(reserved));
      }
      long reserved = leases.stream().mapToLong(Long::longValue).sum();
      assertThat(budget.reservedNanoOpen()).isEqualTo(reserved);
      assertThat(budget.paidNanoOpen() + reserved + budget.remainingNanoOpen()).isEqualTo(max);
      assertThat(budget.remainingNanoOpen()).isNotNegative();
    }
  }
}

package xyz.openledger.pools.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Price;

class OnDemandTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void aNodeNeverGetsLessThanItAsksAndAJobNeverPaysMoreThanItsLimit(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 10_000; i++) {
      long posted = random.nextInt(10) == 0 ? Clearing.NO_PRICE : random.nextLong(10_000_000_000L);
      long asked = random.nextLong(10_000_000_000L);
      long fuelMax = random.nextLong(1, 10_000_000_000_000L);
      long budget = random.nextLong(200_000_000_000_000L);
      boolean nodeFits = Price.ofReplica(fuelMax, asked) <= budget;
      boolean jobFits = OnDemand.objection(posted, fuelMax, budget).isEmpty();

      long price = OnDemand.price(posted, asked);

      assertThat(price).isGreaterThanOrEqualTo(asked).isGreaterThanOrEqualTo(posted);
      assertThat(price).isIn(asked, posted);
      assertThat(nodeFits && jobFits).isEqualTo(Price.ofReplica(fuelMax, price) <= budget);
    }
  }

  @Test
  void saysWhatItCostsAndWhatIsLeft() {
    assertThat(OnDemand.objection(550, 2_000_000_000, 1_099))
        .hasValue(
            "on demand costs 550 nano-OPEN a gigafuel here by the last clearing, 1100 for a replica"
                + " that burns all its fuel; its limit leaves 1099");
    assertThat(OnDemand.objection(550, 2_000_000_000, 1_100)).isEmpty();
    assertThat(OnDemand.objection(Clearing.NO_PRICE, 2_000_000_000, 0)).isEmpty();
  }
}

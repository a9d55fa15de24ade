package xyz.openledger.pools.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.pools.market.ReverseAuction.Award;
import xyz.openledger.protocol.Digest;

class ReverseAuctionTest {
  private static final Digest NONCE = Digest.of(new byte[] {7});

  @Test
  void paysEachWinnerOfOneLotTheCheapestLotThatLost() {
    var awards =
        ReverseAuction.award(
            2, 100, List.of(offer("ada", 10, 1), offer("bob", 30, 1), offer("eve", 20, 1)));

    assertThat(awards).containsExactly(new Award("ada", 1, 30), new Award("eve", 1, 30));
  }

  @Test
  void paysForManyLotsWhatTheyDisplace() {
    var awards =
        ReverseAuction.award(
            3, 100, List.of(offer("ada", 10, 2), offer("bob", 30, 1), offer("eve", 20, 2)));

    // Without ada: eve's second lot and bob's. Without eve: bob's.
    assertThat(awards).containsExactly(new Award("ada", 2, 50), new Award("eve", 1, 30));
  }

  @Test
  void paysTheCeilingWhereNobodyIsDisplacedAndTakesNoneAboveIt() {
    assertThat(ReverseAuction.award(5, 100, List.of(offer("ada", 10, 1), offer("bob", 101, 4))))
        .containsExactly(new Award("ada", 1, 100));
  }

  @Test
  void takesTheEarlierOfEquals() {
    assertThat(ReverseAuction.award(1, 100, List.of(offer("bob", 10, 1), offer("ada", 10, 1))))
        .containsExactly(new Award("bob", 1, 10));
  }

  @Test
  void opensOnlyWhatWasCommittedToAndNeverTwoOfOneSeller() {
    var ada = offer("ada", 10, 1);
    var bob = offer("bob", 30, 1);
    var eve = offer("eve", 20, 1);
    var cheaper = offer("eve", 9, 1);
    var commitments =
        Map.of("ada", ada.commitment(), "bob", bob.commitment(), "eve", eve.commitment());

    assertThat(ReverseAuction.opened(commitments, List.of(ada, bob, cheaper, bob)))
        .containsExactly(ada);
    assertThat(ReverseAuction.opened(commitments, List.of(ada, offer("mal", 1, 1), eve)))
        .containsExactly(ada, eve);
    assertThatThrownBy(() -> ReverseAuction.award(1, 10, List.of(eve, cheaper)))
        .hasMessageContaining("eve has two offers");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noSellerGainsByOfferingAnythingButItsCost(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 300; i++) {
      long ceiling = random.nextLong(1, 60);
      int lots = random.nextInt(1, 12);
      var offers = new ArrayList<SealedOffer>();
      for (int seller = random.nextInt(1, 7); seller > 0; seller--) {
        offers.add(offer("s" + seller, random.nextLong(0, 50), random.nextInt(1, 5)));
      }
      var awards = ReverseAuction.award(lots, ceiling, offers);
      assertThat(awards.stream().mapToInt(Award::lots).sum()).isLessThanOrEqualTo(lots);
      for (int one = 0; one < offers.size(); one++) {
        var honest = offers.get(one);
        long gain = gain(awards, honest);
        assertThat(gain).as("no winner is paid less than it asked").isNotNegative();
        for (long said = 0; said < 62; said++) {
          var lie = new ArrayList<>(offers);
          lie.set(one, offer(honest.seller(), said, honest.lots()));
          assertThat(gain(ReverseAuction.award(lots, ceiling, lie), honest))
              .as("%s says %d, of %s", honest.seller(), said, offers)
              .isLessThanOrEqualTo(gain);
        }
      }
      assertThat(awards).allMatch(award -> award.paidNanoOpen() <= ceiling * award.lots());
    }
  }

  private static long gain(List<Award> awards, SealedOffer costs) {
    return awards.stream()
        .filter(award -> award.seller().equals(costs.seller()))
        .mapToLong(award -> award.paidNanoOpen() - award.lots() * costs.lotNanoOpen())
        .sum();
  }

  private static SealedOffer offer(String seller, long lotNanoOpen, int lots) {
    return new SealedOffer(seller, lotNanoOpen, lots, NONCE);
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 50 : 3);
  }
}

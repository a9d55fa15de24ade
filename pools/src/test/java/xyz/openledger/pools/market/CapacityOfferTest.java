package xyz.openledger.pools.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;

class CapacityOfferTest {
  private static final Digest NONCE = Digest.of(new byte[] {1});

  private final CapacityOffer offer =
      new CapacityOffer("ada", ResourceClass.WASM, 120, 80, 500, 3, 1_000);

  @Test
  void sellsSpotAndReservedCapacityAtItsReservationPrice() {
    assertThat(offer.spot(7))
        .contains(new Order(7, Side.ASK, "ada", 80, 500, Order.Until.NEXT_CLEARING));
    assertThat(offer.reserved(NONCE)).contains(new SealedOffer("ada", 80_000, 3, NONCE));
    assertThat(new CapacityOffer("ada", ResourceClass.WASM, 120, 80, 0, 0, 1).spot(7)).isEmpty();
    assertThat(new CapacityOffer("ada", ResourceClass.WASM, 120, 80, 0, 0, 1).reserved(NONCE))
        .isEmpty();
  }

  @Test
  void sellsAtOnceAtTheMarketsPriceUnlessThatIsBelowItsReservation() {
    assertThat(offer.onDemandNanoOpen(OptionalLong.empty())).hasValue(120);
    assertThat(offer.onDemandNanoOpen(OptionalLong.of(80))).hasValue(80);
    assertThat(offer.onDemandNanoOpen(OptionalLong.of(79))).isEmpty();
  }

  @Test
  void nobodyPostsLessThanTheLeastItTakes() {
    assertThatThrownBy(() -> new CapacityOffer("ada", ResourceClass.WASM, 79, 80, 1, 0, 1))
        .hasMessageContaining("must be 0 to 79");
  }
}

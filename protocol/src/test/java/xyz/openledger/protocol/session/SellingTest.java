package xyz.openledger.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.ReservationRequest;

class SellingTest {
  @Test
  void crossesTheWireAsItIs() {
    Terms terms = terms(new Selling(500, 2, 1, 30_000));

    assertThat(ProfileWire.terms(ProfileWire.encode(terms))).isEqualTo(terms);
    assertThat(ProfileWire.terms(ProfileWire.encode(terms(null))).selling()).isNull();
  }

  @Test
  void nobodySellsMoreThanItHasOrAsksLessThanItTakes() {
    refuses("selling.spotSlots", () -> terms(new Selling(500, 5, 0, 0)));
    refuses("selling.reservedSlots", () -> terms(new Selling(500, 0, 5, 1)));
    refuses("selling.reservation", () -> terms(new Selling(1_001, 1, 0, 0)));
  }

  @Test
  void refusesWhatIsNegativeBeyondAllPricesOrWithoutAPrice() {
    refuses("reservationNanoOpenPerGigafuel", () -> new Selling(-1, 1, 0, 0));
    refuses(
        "reservationNanoOpenPerGigafuel",
        () -> new Selling(Price.NANO_OPEN_PER_GIGAFUEL_MAX + 1, 1, 0, 0));
    refuses("spotSlots", () -> new Selling(1, -1, 0, 0));
    refuses("reservedNanoOpenPerSlotHour", () -> new Selling(1, 0, 1, 0));
    refuses("reservedNanoOpenPerSlotHour", () -> new Selling(1, 0, 1, Long.MAX_VALUE));
  }

  @Test
  void anOrderOfSlotsHasItsBounds() {
    refuses("slots", () -> new ReservationRequest(0, 3_600_000, 1));
    refuses("slots", () -> new ReservationRequest(1_001, 3_600_000, 1));
    refuses("periodMillis", () -> new ReservationRequest(1, 59_999, 1));
    refuses("periodMillis", () -> new ReservationRequest(1, Long.MAX_VALUE, 1));
    refuses("slotHourMaxNanoOpen", () -> new ReservationRequest(1, 3_600_000, 0));
    refuses("slotHourMaxNanoOpen", () -> new ReservationRequest(1, 3_600_000, Long.MAX_VALUE));
  }

  private static void refuses(String field, Runnable what) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused + " " + refused.field()).contains(field));
  }

  private static Terms terms(Selling selling) {
    return new Terms(
        "attic", 1_000, 4, 1 << 26, 100, "eu", 40, 65, null, Map.of(), "", "", selling);
  }
}

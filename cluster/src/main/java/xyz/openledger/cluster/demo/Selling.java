package xyz.openledger.cluster.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the cast that also sells on the spot, and ahead what it can spare: so that in a
 * development network there is a market.
 */
record Selling(Cast cast) implements Machine {
  private static final int RESERVATION_PERCENT = 60;

  /** By the hour and slot: a few hundredths of an OPEN. */
  private static final long RESERVED_NANO_OPEN = 30_000_000;

  @Override
  public String machine() {
    return cast.machine();
  }

  @Override
  public String pool() {
    return cast.pool();
  }

  @Override
  public Class<?> program() {
    return cast.program();
  }

  @Override
  public List<String> join(String claim, String data) {
    var arguments = new ArrayList<>(cast.join(claim, data));
    arguments.addAll(
        List.of(
            "--spot-slots",
            "1",
            "--reservation-price",
            Long.toString(cast.priceNanoOpenPerGigafuel * RESERVATION_PERCENT / 100)));
    // Whoever has one slot keeps it for those who come.
    if (cast.slots > 1) {
      arguments.addAll(
          List.of("--reserved-slots", "1", "--reserved-price", Long.toString(RESERVED_NANO_OPEN)));
    }
    return arguments;
  }
}

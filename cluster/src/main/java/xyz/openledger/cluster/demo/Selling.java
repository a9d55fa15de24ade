package xyz.openledger.cluster.demo;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.pools.governance.DataRule;

/**
 * One of the cast that also sells on the spot, and ahead what it can spare, and that undertakes to
 * hold confidential data: so that in a development network every policy of the gallery is met.
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
            Long.toString(cast.priceNanoOpenPerGigafuel * RESERVATION_PERCENT / 100),
            // All of them are one's own machine, so what is confidential does not leave it.
            "--label",
            DataRule.HOLDS_LABEL + "=confidential"));
    // Whoever has one slot keeps it for those who come.
    if (cast.slots > 1) {
      arguments.addAll(
          List.of("--reserved-slots", "1", "--reserved-price", Long.toString(RESERVED_NANO_OPEN)));
    }
    return arguments;
  }
}

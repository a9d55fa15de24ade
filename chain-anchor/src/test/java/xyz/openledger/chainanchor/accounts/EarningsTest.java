package xyz.openledger.chainanchor.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.accounts.EarningsStatement.Line;
import xyz.openledger.chainanchor.accounts.EarningsStatement.Standing;

/** Statements of three machines of one owner, whose claims come late. */
class EarningsTest {
  private static final long SEED = Long.getLong("seed", 11);
  private static final int STEPS = 3_000;
  private static final String OWNER = "0x" + "ab".repeat(20);

  private final Earnings earnings = new Earnings();
  private final Random random = new Random(SEED);
  private LedgerEvent.@Nullable PayoutEpochClosed open;
  private long epochs;
  private int reopened;
  private long paid;
  private long closedSum;
  private long rootSum;
  private long publishedSum;
  private long claimedSum;

  @Test
  void theLinesOfEachStandingAddUpToWhatTheStatementSaysOfIt() {
    for (int step = 0; step < STEPS; step++) {
      step(step);
      for (String node : earnings.nodeIds()) {
        check(earnings.statement(node), "step %d of seed %d".formatted(step, SEED));
      }
    }
    assertThat(claimedSum).isPositive();
    assertThat(reopened).isPositive();
  }

  private void step(int step) {
    switch (random.nextInt(9)) {
      case 0 -> {
        if (open == null) {
          open = new LedgerEvent.PayoutEpochClosed(++epochs, List.of(), OWNER, 0, "0x00");
          earnings.apply(open);
          closedSum = paid;
        }
      }
      case 1 -> {
        if (open != null) {
          earnings.apply(new LedgerEvent.PayoutEpochPublished(open.epoch(), List.of(), "0x00"));
          open = null;
          rootSum = closedSum;
        }
      }
      case 2 -> {
        // A claim is by the last root; one that was sent before the next root came counts after it.
        long late = random.nextBoolean() ? publishedSum : claimedSum;
        publishedSum = rootSum;
        if (late > claimedSum) {
          earnings.apply(new LedgerEvent.Claimed(OWNER, late - claimedSum, "0xd", "0x/" + step, 1));
          claimedSum = late;
        }
      }
      case 3 -> {
        if (open != null) {
          earnings.apply(new LedgerEvent.PayoutEpochReopened(open, "ada", "a wrong payee"));
          open = null;
          reopened++;
        }
      }
      default -> {
        long price = 1 + random.nextInt(50);
        String node = "node-" + random.nextInt(3);
        var payment = new Payment("r" + step, node, OWNER, price, 0);
        earnings.apply(
            new LedgerEvent.Settled(
                "job-" + step, "ada", price, List.of(payment), List.of(), 0, ""));
        paid += price;
      }
    }
  }

  private static void check(EarningsStatement statement, String where) {
    assertThat(sum(statement, Standing.EARNED)).as(where).isEqualTo(statement.earnedNanoOpen());
    assertThat(sum(statement, Standing.PUBLISHING))
        .as(where)
        .isEqualTo(statement.publishingNanoOpen());
    assertThat(sum(statement, Standing.CLAIMABLE))
        .as(where)
        .isEqualTo(statement.claimableNanoOpen());
    assertThat(sum(statement, Standing.CLAIMED) + statement.earlierNanoOpen())
        .as(where)
        .isEqualTo(statement.claimedNanoOpen());
  }

  private static long sum(EarningsStatement statement, Standing standing) {
    return statement.lines().stream()
        .filter(line -> line.standing() == standing)
        .mapToLong(Line::netNanoOpen)
        .sum();
  }
}

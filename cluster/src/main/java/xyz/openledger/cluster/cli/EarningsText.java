package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.market.EarningsForecast;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.EarningsStatement.Held;
import xyz.openledger.protocol.api.EarningsStatement.Line;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.client.OpenLedgerClient;

/** A statement of earnings: for people, and for spreadsheets. */
final class EarningsText {
  private static final int DAYS = 30;
  private static final long SEED = 1;

  private EarningsText() {}

  /** What is where, why it is held, and what releases it. */
  static String standing(EarningsStatement statement) {
    var fields = new ArrayList<Table.Field>();
    var node = statement.node();
    fields.add(field(node == null ? "models" : "node", node == null ? "of the owner" : node));
    fields.add(field("owner", statement.owner()));
    fields.add(field("earned in all", Money.text(statement.lifetimeNanoOpen())));
    Long claimed = statement.claimedNanoOpen();
    fields.add(field("claimed", Money.text(claimed == null ? 0 : claimed)));
    List<Held> held = statement.held();
    for (Held part : held == null ? List.<Held>of() : held) {
      fields.add(field(part.standing().name().toLowerCase(Locale.ROOT), text(part)));
    }
    return Table.fields(fields);
  }

  private static String text(Held part) {
    return "%s: %s. Released by %s%s"
        .formatted(Money.text(part.amountNanoOpen()), part.why(), part.releasedBy(), when(part));
  }

  private static String when(Held part) {
    Long within = part.withinMillis();
    if (within == null) {
      return "";
    }
    return within == 0 ? ", now" : ", within " + Text.duration(Duration.ofMillis(within));
  }

  /** What the next month may bring, in a line; empty if this token may not see the jobs. */
  static String forecast(OpenLedgerClient client, EarningsStatement statement) {
    EarningDays history = history(client, statement);
    if (history == null) {
      return "";
    }
    return EarningsForecast.of(history.dailyNanoOpen(), DAYS, SEED)
        .map(
            band ->
                "The next %d days: %s (P10), %s (P50), %s (P90); see earnings forecast.%n"
                    .formatted(
                        DAYS,
                        Money.text(band.p10NanoOpen()),
                        Money.text(band.p50NanoOpen()),
                        Money.text(band.p90NanoOpen())))
        .orElse(
            "No forecast yet: %d whole days of history, %d are needed.%n"
                .formatted(history.dailyNanoOpen().size(), EarningsForecast.HISTORY_DAYS_MIN));
  }

  private static @Nullable EarningDays history(
      OpenLedgerClient client, EarningsStatement statement) {
    try {
      return EarningDays.of(client, statement, Clock.system(ZoneId.systemDefault()));
    } catch (MemberRefusal refused) {
      if (refused.code().equals("forbidden")) {
        return null;
      }
      throw refused;
    }
  }

  /**
   * One row a replica, in whole nano-OPEN, and a row for all that was paid before the first; the
   * net amounts that are not withheld add up to all that was earned.
   */
  static String csv(EarningsStatement statement) {
    var csv =
        new StringBuilder(
            "job,replica,price_nano_open,fee_nano_open,net_nano_open,standing,epoch,reason\n");
    Long earlier = statement.earlierNanoOpen();
    if (earlier != null && earlier != 0) {
      csv.append(",earlier,,,%d,,,%n".formatted(earlier));
    }
    for (Line line : statement.lines()) {
      csv.append(
          "%s,%s,%d,%d,%d,%s,%s,%s%n"
              .formatted(
                  line.job(),
                  line.replica(),
                  line.netNanoOpen() + line.feeNanoOpen(),
                  line.feeNanoOpen(),
                  line.netNanoOpen(),
                  line.standing().name().toLowerCase(Locale.ROOT),
                  line.epoch() == 0 ? "" : Long.toString(line.epoch()),
                  quoted(line.reason())));
    }
    return csv.toString();
  }

  private static String quoted(String text) {
    return text.isEmpty() ? "" : '"' + text.replace("\"", "\"\"") + '"';
  }
}

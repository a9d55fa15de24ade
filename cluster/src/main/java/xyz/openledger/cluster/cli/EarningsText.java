package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.market.EarningsForecast;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.EarningsStatement.Held;
import xyz.openledger.protocol.api.EarningsStatement.Line;
import xyz.openledger.protocol.api.EarningsStatement.Standing;
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
    return part.withinMillis() == null ? "" : ", " + when(part.standing(), part.withinMillis());
  }

  /** When the owner gets it. */
  static String when(Standing standing, @Nullable Long withinMillis) {
    return switch (standing) {
      case CLAIMED -> "was claimed";
      case WITHHELD -> "never";
      case CLAIMABLE -> "now";
      case EARNED, PUBLISHING ->
          withinMillis == null
              ? "nobody can say"
              : "within " + Text.duration(Duration.ofMillis(withinMillis));
    };
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
   * One row a replica, in whole nano-OPEN, and before them a row for all that is older, by where it
   * stands. The net amounts of a standing add up to what the statement says of it; those that are
   * not withheld, to all that was earned.
   */
  static String csv(EarningsStatement statement) {
    var csv =
        new StringBuilder(
            "job,replica,price_nano_open,fee_nano_open,net_nano_open,standing,epoch,reason,"
                + "held_why,released_by,released_when\n");
    earlier(statement).forEach((standing, net) -> csv.append(earlier(statement, standing, net)));
    for (Line line : statement.lines()) {
      csv.append(
          "%s,%s,%d,%d,%d,%s,%s,%s,%s,%s,%s%n"
              .formatted(
                  line.job(),
                  line.replica(),
                  line.netNanoOpen() + line.feeNanoOpen(),
                  line.feeNanoOpen(),
                  line.netNanoOpen(),
                  line.standing().name().toLowerCase(Locale.ROOT),
                  line.epoch() == 0 ? "" : Long.toString(line.epoch()),
                  quoted(line.reason()),
                  quoted(line.why()),
                  quoted(line.releasedBy()),
                  when(line.standing(), line.withinMillis())));
    }
    return csv.toString();
  }

  /**
   * What no line tells of, by where it stands; what is nothing is left out, and so is what was
   * claimed if the member is too old to say it.
   */
  private static Map<Standing, Long> earlier(EarningsStatement statement) {
    var left = new EnumMap<Standing, Long>(Standing.class);
    left.put(Standing.EARNED, statement.earnedNanoOpen());
    left.put(Standing.PUBLISHING, statement.publishingNanoOpen());
    left.put(Standing.CLAIMABLE, statement.claimableNanoOpen());
    Long claimed = statement.claimedNanoOpen();
    left.put(Standing.CLAIMED, claimed == null ? 0 : claimed);
    left.put(Standing.WITHHELD, statement.withheldNanoOpen());
    for (Line line : statement.lines()) {
      left.merge(line.standing(), -line.netNanoOpen(), Math::addExact);
    }
    if (claimed == null) {
      left.remove(Standing.CLAIMED);
    }
    left.values().removeIf(net -> net == 0);
    return left;
  }

  private static String earlier(EarningsStatement statement, Standing standing, long net) {
    List<Held> held = statement.held();
    for (Held part : held == null ? List.<Held>of() : held) {
      if (part.standing() == standing) {
        return ",earlier,,,%d,%s,,,%s,%s,%s%n"
            .formatted(
                net,
                standing.name().toLowerCase(Locale.ROOT),
                quoted(part.why()),
                quoted(part.releasedBy()),
                when(standing, part.withinMillis()));
      }
    }
    return ",earlier,,,%d,%s,,,,,%s%n"
        .formatted(net, standing.name().toLowerCase(Locale.ROOT), when(standing, null));
  }

  private static String quoted(@Nullable String text) {
    return text == null || text.isEmpty() ? "" : '"' + text.replace("\"", "\"\"") + '"';
  }
}

package xyz.openledger.cluster.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.governance.ClassRule;
import xyz.openledger.pools.governance.Floors;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.FeeSplit;

/** Governed values told to people. */
final class RulesText {
  private RulesText() {}

  /** What they say, a sentence each. */
  static List<String> lines(GovernedRules rules) {
    var lines = new ArrayList<String>();
    Floors floors = rules.weightFloors();
    if (floors != null && !floors.equals(Floors.NONE)) {
      var least = new StringJoiner(", ", "every policy weighs at least ", "");
      floor(least, "cost", floors.cost());
      floor(least, "latency", floors.latency());
      floor(least, "reliability", floors.reliability());
      floor(least, "carbon", floors.carbon());
      lines.add(least.toString());
    }
    String caps = caps(rules.priceMaxNanoOpen(), rules.deadlineMillisMax(), null);
    if (!caps.isEmpty()) {
      lines.add("every job:" + caps.substring(1));
    }
    regions(rules.regionsForbidden(), "nothing", lines);
    rules.classRules().forEach(rule -> lines.add(line(rule)));
    if (rules.classRules().stream().anyMatch(rule -> rule.labels() != null)) {
      lines.add("labels are what requesters declare; a class by kind or modules is a fact");
    }
    FeeSplit split = rules.feeSplit();
    if (split != null) {
      lines.add(
          "of every price the platform gets %s, models %s, stakers %s, data %s, the nodes' owners %s"
              .formatted(
                  percent(split.platformBasisPoints()),
                  percent(split.modelBasisPoints()),
                  percent(split.stakersBasisPoints()),
                  percent(split.dataBasisPoints()),
                  percent(split.nodesBasisPoints())));
    }
    if (lines.isEmpty()) {
      lines.add("nothing but the epoch is said");
    }
    return List.copyOf(lines);
  }

  private static String percent(int basisPoints) {
    return BigDecimal.valueOf(basisPoints, 2).stripTrailingZeros().toPlainString() + " %";
  }

  private static String line(ClassRule rule) {
    var who = new StringJoiner(", ", "class " + rule.name() + " (", ")");
    if (rule.kind() != null) {
      who.add("kind " + rule.kind());
    }
    if (rule.labels() != null) {
      who.add("labels " + Text.labels(rule.labels()));
    }
    if (rule.modules() != null) {
      who.add(rule.modules().size() + " modules");
    }
    if (rule.when() != null) {
      who.add("where " + rule.when());
    }
    String where =
        rule.ruling() == ClassRule.Ruling.ISOLATED
            ? ", only on nodes labelled " + ClassRule.TAKES_LABEL + rule.name() + "=true"
            : "";
    Integer priority = rule.priority();
    var forbidden = new ArrayList<String>();
    regions(rule.regionsForbidden(), "it", forbidden);
    return who
        + ": "
        + rule.ruling().word()
        + where
        + (priority == null ? "" : ", priority " + priority)
        + caps(rule.priceMaxNanoOpen(), rule.deadlineMillisMax(), rule.agreementMin())
        + (forbidden.isEmpty() ? "" : ", " + forbidden.getFirst());
  }

  private static String caps(
      @Nullable Long price, @Nullable Long deadline, @Nullable Integer agreement) {
    return (price == null ? "" : ", at most " + Money.text(price))
        + (deadline == null ? "" : ", within " + Text.duration(Duration.ofMillis(deadline)))
        + (agreement == null ? "" : ", at least " + agreement + " equal outcomes");
  }

  private static void regions(@Nullable List<String> regions, String what, List<String> lines) {
    if (regions != null && !regions.isEmpty()) {
      lines.add(
          what
              + (what.equals("it") ? " may not" : " may")
              + " run in "
              + String.join(", ", regions));
    }
  }

  private static void floor(StringJoiner least, String name, int percent) {
    if (percent > 0) {
      least.add(name + " " + percent + " %");
    }
  }
}

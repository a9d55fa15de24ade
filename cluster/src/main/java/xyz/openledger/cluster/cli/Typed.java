package xyz.openledger.cluster.cli;

import java.time.Duration;
import java.util.function.LongFunction;
import xyz.openledger.protocol.api.DryRun;

/** A change of a job in the words of job files, in which amounts have units. */
final class Typed {
  private Typed() {}

  /** {@code policy.limits.priceMax: 0.1 OPEN → 0.4 OPEN}. */
  static String change(DryRun.Change change) {
    return switch (change.field()) {
      case "policy.limits.priceMaxNanoOpen" -> words("policy.limits.priceMax", change, Money::text);
      case "policy.limits.roundTripMicrosMax" ->
          words(
              "policy.limits.roundTripMax", change, it -> Duration.ofNanos(it * 1_000).toString());
      case "policy.limits.latencyP99MillisMax" ->
          words("policy.limits.latencyP99Max", change, it -> Duration.ofMillis(it).toString());
      case "workload.memoryMaxBytes" ->
          "workload.memoryMax: %s → %s".formatted(change.from(), change.to());
      default -> "%s: %s → %s".formatted(change.field(), change.from(), change.to());
    };
  }

  private static String words(String field, DryRun.Change change, LongFunction<String> form) {
    return "%s: %s → %s".formatted(field, amount(change.from(), form), amount(change.to(), form));
  }

  private static String amount(String text, LongFunction<String> form) {
    return text.matches("[0-9]{1,18}") ? form.apply(Long.parseLong(text)) : text;
  }
}

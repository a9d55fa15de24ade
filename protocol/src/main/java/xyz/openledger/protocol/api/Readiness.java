package xyz.openledger.protocol.api;

import java.util.List;

/** Whether the member takes work, and why not. */
@Answer
public record Readiness(boolean ready, List<Check> checks) {

  /** One thing that must be well. */
  @Answer
  public record Check(String name, boolean ok, String detail) {}

  /** Ready if every check is well. */
  public static Readiness of(List<Check> checks) {
    return new Readiness(checks.stream().allMatch(Check::ok), List.copyOf(checks));
  }
}

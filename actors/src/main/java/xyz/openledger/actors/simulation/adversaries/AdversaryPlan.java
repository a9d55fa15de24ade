package xyz.openledger.actors.simulation.adversaries;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Policy;

/**
 * One trial's setting.
 *
 * @param machines each of an owner of its own
 * @param adversaryPercent how many of them cheat
 * @param policy the way of verification, decided by the rules that members decide by
 * @param expels whether who is caught leaves with its stake forfeit, and who returns pays it anew;
 *     otherwise, as members do today, it loses its reward and its standing alone
 */
public record AdversaryPlan(
    long seed,
    int machines,
    int adversaryPercent,
    int tasks,
    Policy.Verification policy,
    boolean expels) {
  /** What an accepted result is paid. */
  public static final long REWARD_NANO_OPEN = 1_000_000;

  /** What computing it costs. */
  public static final long COST_NANO_OPEN = 800_000;

  /** What an owner puts up for a machine: a hundred rewards. */
  public static final long STAKE_NANO_OPEN = 100 * REWARD_NANO_OPEN;

  /** Checks the ranges. */
  public AdversaryPlan {
    Check.range("machines", machines, 20, 1_000);
    Check.range("adversaryPercent", adversaryPercent, 1, 50);
    Check.range("tasks", tasks, 100, 1_000_000);
  }
}

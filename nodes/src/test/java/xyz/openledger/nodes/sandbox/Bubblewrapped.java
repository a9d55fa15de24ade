package xyz.openledger.nodes.sandbox;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * For tests that need bubblewrap: skipped where a machine has none, failed where CI should have
 * installed it.
 */
public final class Bubblewrapped {
  private static final SandboxChoice CHOICE = Sandbox.strongest();

  private Bubblewrapped() {}

  /** The strongest sandbox, which is bubblewrap. */
  public static SandboxChoice required() {
    if (CHOICE.sandbox().level() != Sandbox.Level.BUBBLEWRAP) {
      String reason = "no bubblewrap here, apt-get install bubblewrap: " + CHOICE.degraded();
      if ("true".equals(System.getenv("CI"))) {
        fail(reason);
      }
      abort(reason);
    }
    return CHOICE;
  }

  /** The strongest sandbox, whatever it is. */
  public static SandboxChoice orWhatThereIs() {
    return CHOICE;
  }
}

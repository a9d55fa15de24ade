package xyz.openledger.verification.tee;

import java.io.Serial;

/** Ends a judgement: the check that failed, and why. */
final class Refusal extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String check;

  Refusal(String check, String reason) {
    super(reason);
    this.check = check;
  }

  String check() {
    return check;
  }

  static void unless(boolean held, String check, String reason) throws Refusal {
    if (!held) {
      throw new Refusal(check, reason);
    }
  }
}

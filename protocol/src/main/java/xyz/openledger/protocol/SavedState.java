package xyz.openledger.protocol;

import xyz.openledger.protocol.json.DecimalText;

/**
 * How far a task had come when it had to make room, so that another node goes on from there. What a
 * node says of its own state is believed by nobody: the next one reads it, and the result that
 * comes of it is compared like any other.
 *
 * @param blob what was saved
 * @param step which step of the task it is after
 * @param fuel what the task has burnt from its own beginning until there, as every machine reckons
 *     it
 */
public record SavedState(Digest blob, int step, @DecimalText long fuel) {
  /** The last step that there can be. */
  public static final int STEP_MAX = 99_999_999;

  /** Checks the ranges. */
  public SavedState {
    Check.present("blob", blob);
    Check.range("step", step, 1, STEP_MAX);
    Check.range("fuel", fuel, 1, Long.MAX_VALUE);
  }
}

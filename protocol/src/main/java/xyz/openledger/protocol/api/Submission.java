package xyz.openledger.protocol.api;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.JobSpec;

/**
 * One job to take.
 *
 * @param idempotencyKey names it for its tenant; 1 to {@value #KEY_LENGTH_MAX} visible ASCII
 *     characters
 */
public record Submission(String idempotencyKey, JobSpec spec) {
  /** The longest key. */
  public static final int KEY_LENGTH_MAX = 200;

  /** The most jobs submitted at once. */
  public static final int BATCH_MAX = 256;

  /** Checks the key. */
  public Submission {
    checkKey("idempotencyKey", Check.present("idempotencyKey", idempotencyKey));
    Check.present("spec", spec);
  }

  /** Answers {@code key} if it may be one. */
  public static String checkKey(String field, String key) {
    boolean visible = key.chars().allMatch(c -> c > ' ' && c < 127);
    if (key.isEmpty() || key.length() > KEY_LENGTH_MAX || !visible) {
      throw Check.refusal(field, "must be 1 to 200 visible ASCII characters");
    }
    return key;
  }
}

package xyz.openledger.models.files;

import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** Refusals of files: each names the field, and the byte where it stands. */
public final class Refused {
  /** Names come from strangers. */
  private static final int NAME_LENGTH_MAX = 120;

  private Refused() {}

  /** Something at a byte of a file is not as it should be. */
  public static ProblemException at(String field, long offset, String why) {
    return because(field, why + " (byte " + offset + ")");
  }

  /** Something is not as it should be. */
  public static ProblemException because(String field, String why) {
    return new ProblemException(Problem.INVALID_REQUEST, shortened(field), why);
  }

  private static String shortened(String name) {
    return name.length() <= NAME_LENGTH_MAX ? name : name.substring(0, NAME_LENGTH_MAX) + "…";
  }
}

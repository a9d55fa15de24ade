package xyz.openledger.protocol;

import java.io.Serial;

/** A refusal with a name, the field it is about, and a sentence that says what to do. */
public final class ProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final Problem problem;
  private final String field;
  private final String detail;

  /**
   * A refusal.
   *
   * @param field the path of the field it is about, such as {@code policy.limits.regions[0]}; empty
   *     if none
   * @param detail what is wrong and what would be right
   */
  public ProblemException(Problem problem, String field, String detail) {
    super(problem.code() + (field.isEmpty() ? "" : " (" + field + ")") + ": " + detail);
    this.problem = problem;
    this.field = field;
    this.detail = detail;
  }

  /** Which refusal. */
  public Problem problem() {
    return problem;
  }

  /** The path of the field, or the empty text. */
  public String field() {
    return field;
  }

  /** What is wrong and what would be right. */
  public String detail() {
    return detail;
  }

  /**
   * The same refusal seen from one level up: {@code limits.regions} becomes {@code
   * policy.limits.regions}.
   */
  public ProblemException within(String outer) {
    String path = field.isEmpty() ? outer : outer + (field.startsWith("[") ? "" : ".") + field;
    return new ProblemException(problem, path, detail);
  }
}

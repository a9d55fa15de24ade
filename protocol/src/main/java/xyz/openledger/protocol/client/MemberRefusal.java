package xyz.openledger.protocol.client;

import java.io.Serial;
import java.util.List;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.api.ProblemDetail;

/** The member answered, and refused. */
public final class MemberRefusal extends ClientException {
  @Serial private static final long serialVersionUID = 1;

  private final transient ProblemDetail problem;

  /** A refusal as the member worded it. */
  public MemberRefusal(ProblemDetail problem) {
    super(problem.code() + ": " + problem.detail(), null);
    this.problem = problem;
  }

  /** The whole problem. */
  public ProblemDetail problem() {
    return problem;
  }

  /** Its stable name, such as {@code insufficient-balance}; a newer member may have new ones. */
  public String code() {
    return problem.code();
  }

  /** What is wrong and what would be right. */
  public String detail() {
    return problem.detail();
  }

  /** The path of the field it is about, or the empty text. */
  public String field() {
    String field = problem.field();
    return field == null ? "" : field;
  }

  /** A command or call that helps, or the empty text. */
  public String next() {
    String next = problem.next();
    return next == null ? "" : next;
  }

  /** What an ambiguous prefix fits; empty for other problems. */
  public List<String> candidates() {
    List<String> candidates = problem.candidates();
    return candidates == null ? List.of() : candidates;
  }

  /** Whether it is this problem. */
  public boolean is(Problem other) {
    return code().equals(other.code());
  }
}

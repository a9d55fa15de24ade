package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;

/**
 * A refusal as HTTP carries it: RFC 9457 problem details.
 *
 * @param type {@code urn:openledger:problem:<code>}
 * @param title the problem in general
 * @param status of the HTTP answer
 * @param detail what is wrong here, and what would be right
 * @param field the path of the field, query parameter or header it is about
 * @param next a command or call that helps
 * @param candidates what an ambiguous prefix fits
 */
@Answer
public record ProblemDetail(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String field,
    @Nullable String next,
    @Nullable List<String> candidates) {
  /** What {@link #type} starts with. */
  public static final String TYPE_PREFIX = "urn:openledger:problem:";

  /** {@code problem} with its type, title and status. */
  public static ProblemDetail of(
      Problem problem, String detail, @Nullable String field, @Nullable String next) {
    return new ProblemDetail(
        TYPE_PREFIX + problem.code(),
        problem.title(),
        problem.httpStatus(),
        detail,
        field,
        next,
        null);
  }

  /** The kebab-case code at the end of {@link #type}; the whole type if it is not one of ours. */
  public String code() {
    return type.startsWith(TYPE_PREFIX) ? type.substring(TYPE_PREFIX.length()) : type;
  }
}

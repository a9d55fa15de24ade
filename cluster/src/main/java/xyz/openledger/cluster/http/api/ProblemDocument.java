package xyz.openledger.cluster.http.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as RFC 9457 writes it.
 *
 * @param type {@code urn:openledger:problem:<code>}
 * @param title the same for every refusal of that type
 * @param status of HTTP
 * @param detail what is wrong and what would be right
 * @param field the path of the field, or the query parameter or header, it is about; absent if none
 * @param next a command or call that helps; absent if none does
 * @param candidates what an ambiguous prefix fits; absent otherwise
 */
public record ProblemDocument(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String field,
    @Nullable String next,
    @Nullable List<String> candidates) {
  /** What stands before the code in {@code type}. */
  public static final String TYPE_PREFIX = "urn:openledger:problem:";
}

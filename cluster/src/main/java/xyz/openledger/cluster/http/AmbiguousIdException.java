package xyz.openledger.cluster.http;

import java.io.Serial;
import java.util.List;

/** A prefix that fits more than one id. */
final class AmbiguousIdException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String field;
  private final String detail;
  private final transient List<String> candidates;

  AmbiguousIdException(String field, String prefix, List<String> candidates) {
    super(prefix + " fits more than one");
    this.field = field;
    this.detail = prefix + " fits more than one";
    this.candidates = List.copyOf(candidates);
  }

  String field() {
    return field;
  }

  String detail() {
    return detail;
  }

  List<String> candidates() {
    return candidates;
  }
}

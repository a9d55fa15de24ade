package xyz.openledger.cluster.http.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xyz.openledger.protocol.Check;

/** What a token allows. */
public enum Scope {
  /** See one's jobs, their outputs and receipts, and follow them. */
  JOBS_READ("jobs:read"),
  /** Submit and cancel jobs. */
  JOBS_WRITE("jobs:write"),
  /** See nodes, pools and anchors. */
  NODES_READ("nodes:read"),
  /** Let machines join, and drain them. */
  NODES_WRITE("nodes:write"),
  /** See accounts and earnings. */
  ACCOUNTS_READ("accounts:read"),
  /** Withdraw, and have earnings paid out. */
  ACCOUNTS_WRITE("accounts:write"),
  /** Read blobs whose digest one knows. */
  BLOBS_READ("blobs:read"),
  /** Store blobs. */
  BLOBS_WRITE("blobs:write"),
  /** Serve models and adapters under names. */
  MODELS_WRITE("models:write"),
  /** Everything, for every tenant. */
  ADMIN("admin");

  private final String word;

  Scope(String word) {
    this.word = word;
  }

  /** As in {@code jobs:read}. */
  @JsonValue
  public String word() {
    return word;
  }

  /** Reads {@code jobs:read}; refuses anything else with {@code invalid-request}. */
  @JsonCreator
  public static Scope parse(String word) {
    for (Scope scope : values()) {
      if (scope.word.equals(word)) {
        return scope;
      }
    }
    throw Check.refusal(
        "scope",
        "expected one of "
            + Stream.of(values()).map(Scope::word).collect(Collectors.joining(", "))
            + ", got "
            + word.substring(0, Math.min(80, word.length())));
  }
}

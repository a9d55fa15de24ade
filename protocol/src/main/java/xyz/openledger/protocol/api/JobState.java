package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xyz.openledger.protocol.Check;

/** Where a job stands. */
public enum JobState {
  /** Waits for a node. */
  @JsonProperty("queued")
  QUEUED,
  /** At least one replica runs. */
  @JsonProperty("running")
  RUNNING,
  /** Results are being compared. */
  @JsonProperty("verifying")
  VERIFYING,
  /** Has a trusted result, and is paid. */
  @JsonProperty("settled")
  SETTLED,
  /** Was not taken. */
  @JsonProperty("refused")
  REFUSED,
  /** Has no result. */
  @JsonProperty("failed")
  FAILED,
  /** Was stopped by its requester. */
  @JsonProperty("cancelled")
  CANCELLED,
  /** Missed its deadline. */
  @JsonProperty("expired")
  EXPIRED;

  /** Whether it stays so. */
  public boolean isFinal() {
    return compareTo(SETTLED) >= 0;
  }

  /** As in {@code queued}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@code queued}; refuses anything else with {@code invalid-request}. */
  public static JobState parse(String word) {
    for (JobState state : values()) {
      if (state.word().equals(word)) {
        return state;
      }
    }
    throw Check.refusal(
        "state",
        "expected one of "
            + Stream.of(values()).map(JobState::word).collect(Collectors.joining(", "))
            + ", got "
            + word.substring(0, Math.min(80, word.length())));
  }
}

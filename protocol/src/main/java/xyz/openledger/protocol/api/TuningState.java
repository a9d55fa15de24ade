package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Where a training stands. */
public enum TuningState {
  /** Pieces are being made. */
  @JsonProperty("running")
  RUNNING,
  /** All are made; those that were drawn are made again. */
  @JsonProperty("checking")
  CHECKING,
  /** The adapter is there, and served if that was wanted. */
  @JsonProperty("succeeded")
  SUCCEEDED,
  /** There will be no adapter. */
  @JsonProperty("failed")
  FAILED,
  /** Its owner stopped it. */
  @JsonProperty("cancelled")
  CANCELLED;

  /** Whether it stays so. */
  public boolean isFinal() {
    return compareTo(SUCCEEDED) >= 0;
  }

  /** As in {@code running}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

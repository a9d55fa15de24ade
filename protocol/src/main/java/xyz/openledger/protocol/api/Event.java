package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * One change, as the event stream tells it.
 *
 * @param id of the job, node or pool; the size of the anchor's log
 * @param state its new one
 */
@Answer
public record Event(long sequence, Kind kind, String id, String state, long atMillis) {

  /** What changed. */
  public enum Kind {
    /** A job. */
    JOB,
    /** A node. */
    NODE,
    /** A pool. */
    POOL,
    /** A checkpoint of the log. */
    ANCHOR,
    /** Too much was missed to be told: read the lists again. */
    RESET;

    /** As it is written: lower case. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

package xyz.openledger.cluster.http.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something changed.
 *
 * @param sequence grows with every event, also over restarts
 * @param id of the job, node or pool; for an anchor the size of its log
 * @param state it is in now
 */
public record Event(long sequence, Kind kind, String id, String state, long atMillis) {

  /** What changed. */
  public enum Kind {
    /** A job. */
    @JsonProperty("job")
    JOB,
    /** A node. */
    @JsonProperty("node")
    NODE,
    /** A pool. */
    @JsonProperty("pool")
    POOL,
    /** An anchor. */
    @JsonProperty("anchor")
    ANCHOR,
    /** Events were missed; read the lists again. */
    @JsonProperty("reset")
    RESET
  }
}

package xyz.openledger.pools.governance;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What becomes of jobs that were admitted under earlier rules and that these would refuse. */
public enum InFlight {
  /** They end under the rules that admitted them. */
  @JsonProperty("grandfathered")
  GRANDFATHERED,
  /** Those of which nothing runs yet are cancelled; the others end. */
  @JsonProperty("drained")
  DRAINED;

  /** As rules are written. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

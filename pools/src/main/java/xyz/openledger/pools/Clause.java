package xyz.openledger.pools;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The conditions under which nodes and pools are considered, in the order of asking. */
public enum Clause {
  /** In a region that the policy names. */
  REGION,
  /** On a grid as clean as the policy asks. */
  CARBON,
  /** With memory for the task. */
  MEMORY,
  /** Answering as quickly as the policy asks. */
  ROUND_TRIP,
  /** At a price that the budget covers in the worst case. */
  PRICE,
  /** Not one that keeps losing this task. */
  NODE,
  /** Where governance lets such work run. */
  GOVERNANCE,
  /** Where data of the job's class may be shown. */
  DATA_CLASS,
  /** With what the job uses under a licence that the policy allows. */
  LICENCE,
  /** Taking such work by terms of its own. */
  TERMS,
  /** With a chip that vouches under a root that the policy lists. */
  ATTESTATION,
  /** With the labels that the policy selects. */
  SELECTOR,
  /** As one condition of the policy's expression asks. */
  REQUIRE,
  /** With enough owners that do not know of one another. */
  OWNER,
  /** As far from the task's other replicas as the policy asks. */
  SPREAD,
  /** Of the reputation that the policy asks. */
  REPUTATION,
  /** Of the reputation that data of the job's class ask. */
  DATA_REPUTATION,
  /** Bringing results of such work as soon as the policy asks. */
  LATENCY_P99,
  /** Taking work now. */
  ACCEPTING,
  /** With a free slot. */
  SLOT;

  /** The name in explanations. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}

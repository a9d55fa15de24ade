package xyz.openledger.actors.simulation;

import java.util.List;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TenantId;

/**
 * A job that will be submitted.
 *
 * @param tasks each takes one slot
 * @param gang whether its tasks start together or not at all
 * @param workFuel what a task burns
 * @param fuelMax what its requester thinks that it burns at most
 * @param policy what it asks, but for price and deadline
 * @param priceMax the most it pays for a gigafuel, in 10^-9 OPEN
 * @param deadlineMillis from submission
 */
record Arrival(
    int number,
    long atMillis,
    TenantId tenant,
    int tasks,
    boolean gang,
    long workFuel,
    long fuelMax,
    long memoryMaxBytes,
    int priority,
    Policy policy,
    long priceMax,
    long deadlineMillis) {

  List<String> regions() {
    return policy.limits().regions();
  }

  Policy.Weights weights() {
    return policy.objective().weights();
  }

  Policy.Verification verification() {
    return policy.verification();
  }

  /** Whether nothing counts but the price, and one node's word is enough. */
  boolean isCheapest() {
    Policy.Weights weights = weights();
    return !gang
        && verification().method() == Policy.Method.TRUSTED
        && weights.latency() + weights.reliability() + weights.carbon() == 0;
  }

  /** Whether it is of no use later. */
  boolean isHurried() {
    return deadlineMillis < Scenario.DEADLINE_MILLIS;
  }

  /** The same job with another deadline. */
  Arrival within(long millis) {
    return new Arrival(
        number,
        atMillis,
        tenant,
        tasks,
        gang,
        workFuel,
        fuelMax,
        memoryMaxBytes,
        priority,
        policy,
        priceMax,
        millis);
  }

  /** The same job at another time. */
  Arrival at(long millis) {
    return with(millis, priority, policy, priceMax);
  }

  /** The same job with another priority. */
  Arrival ofPriority(int other) {
    return with(atMillis, other, policy, priceMax);
  }

  /** The same job if it pays no more than that for a gigafuel. */
  Arrival paying(long nanoOpen) {
    return with(atMillis, priority, policy, nanoOpen);
  }

  private Arrival with(long millis, int other, Policy asked, long price) {
    return new Arrival(
        number,
        millis,
        tenant,
        tasks,
        gang,
        workFuel,
        fuelMax,
        memoryMaxBytes,
        other,
        asked,
        price,
        deadlineMillis);
  }
}

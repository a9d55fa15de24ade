package xyz.openledger.actors.simulation;

import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;

/** Who has what: requesters, escrow, owners. What is moved is never made or lost. */
class Books {
  private final Map<TenantId, Long> available = new TreeMap<>();
  private final Map<JobId, Long> held = new TreeMap<>();
  private final Map<Address, Long> earned = new TreeMap<>();
  private long minted;

  void mint(TenantId tenant, long nanoOpen) {
    minted = Math.addExact(minted, nanoOpen);
    available.merge(tenant, nanoOpen, Math::addExact);
  }

  void hold(TenantId tenant, JobId job, long nanoOpen) {
    available.merge(tenant, -nanoOpen, Math::addExact);
    held.merge(job, nanoOpen, Math::addExact);
  }

  /** Pays an owner out of what is held for a job. */
  void pay(JobId job, Address owner, long nanoOpen) {
    held.merge(job, -nanoOpen, Math::addExact);
    earn(owner, nanoOpen);
  }

  /** An owner has so much more. */
  void earn(Address owner, long nanoOpen) {
    earned.merge(owner, nanoOpen, Math::addExact);
  }

  /** Gives back what is left of what was held. */
  void release(TenantId tenant, JobId job) {
    Long rest = held.remove(job);
    available.merge(tenant, rest == null ? 0 : rest, Math::addExact);
  }

  /** What is left of what was held for a job; below 0 if more was paid. */
  long held(JobId job) {
    return held.getOrDefault(job, 0L);
  }

  long minted() {
    return minted;
  }

  /** All there is now. */
  long total() {
    return sum(available) + sum(held) + sum(earned);
  }

  /** Whether anybody owes. */
  boolean overdrawn() {
    return available.values().stream().anyMatch(amount -> amount < 0)
        || held.values().stream().anyMatch(amount -> amount < 0);
  }

  private static long sum(Map<?, Long> amounts) {
    return amounts.values().stream().reduce(0L, Math::addExact);
  }
}

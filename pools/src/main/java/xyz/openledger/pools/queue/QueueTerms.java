package xyz.openledger.pools.queue;

import xyz.openledger.pools.Scheduling;
import xyz.openledger.protocol.Check;

/**
 * How a queue weighs who is next. A task's rank is a time, and the earliest rank goes first:
 *
 * <pre>
 *   rank = arrival - priority × step + fair × (its tenant's share / the largest share)
 * </pre>
 *
 * <p>So one step of waiting makes up for one priority, and nothing that arrives later than {@link
 * #passedByMillis()} after a task is ever ahead of it: that is the bound on starvation.
 *
 * <p>Among those whose ranks are within {@code choiceMillis} of the earliest, and whose priority is
 * no lower, the one goes first to which the free slots are worth most.
 *
 * @param priorityStepMillis how much waiting a priority is worth
 * @param fairMillis how far the tenant that has used most stands behind one that used nothing
 *     <p>Among those whose ranks are within {@code choiceMillis} of the earliest, and whose
 *     priority is no lower, the one goes first to which the free slots are worth most.
 * @param halfLifeMillis after which half of what a tenant has used is forgotten
 * @param choiceMillis how much later a rank may be and still go first; 0 for strictly by rank
 */
public record QueueTerms(
    long priorityStepMillis,
    long fairMillis,
    long halfLifeMillis,
    Quotas quotas,
    long choiceMillis) {
  private static final long DAY_MILLIS = 86_400_000;

  /** Unless the operator says otherwise. */
  public static final QueueTerms DEFAULT =
      new QueueTerms(60_000, 600_000, 3_600_000, Quotas.NONE, 300_000);

  /** Terms under which ranks alone decide. */
  public QueueTerms(long priorityStepMillis, long fairMillis, long halfLifeMillis, Quotas quotas) {
    this(priorityStepMillis, fairMillis, halfLifeMillis, quotas, 0);
  }

  /** Checks the ranges. */
  public QueueTerms {
    Check.range("priorityStepMillis", priorityStepMillis, 0, DAY_MILLIS);
    Check.range("fairMillis", fairMillis, 0, DAY_MILLIS);
    Check.range("choiceMillis", choiceMillis, 0, DAY_MILLIS);
    Check.range("halfLifeMillis", halfLifeMillis, FairShare.TICKS * 10, 30 * DAY_MILLIS);
  }

  /** A task is never passed by one that arrives more than this after it. */
  public long passedByMillis() {
    return Scheduling.PRIORITY_MAX * priorityStepMillis + fairMillis + choiceMillis;
  }

  /** The part of the rank that stays as it is. */
  long place(long arrivedMillis, Scheduling scheduling) {
    return arrivedMillis - scheduling.priority() * priorityStepMillis;
  }

  /** The same, but strictly by rank. */
  public QueueTerms byRank() {
    return new QueueTerms(priorityStepMillis, fairMillis, halfLifeMillis, quotas);
  }

  /** The same with quotas. */
  public QueueTerms with(Quotas others) {
    return new QueueTerms(priorityStepMillis, fairMillis, halfLifeMillis, others, choiceMillis);
  }
}

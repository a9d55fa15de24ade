package xyz.openledger.actors.simulation;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.job.JobRules;
import xyz.openledger.actors.job.Payouts;
import xyz.openledger.actors.job.Preemptions;
import xyz.openledger.actors.job.SavedStates;
import xyz.openledger.actors.pool.Booking;
import xyz.openledger.actors.pool.Shown;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.TimeShift;
import xyz.openledger.pools.market.MarketTerms;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.verification.Payout;
import xyz.openledger.verification.Replica;

/**
 * The rules of production by which jobs are decided, believed, sold, make room, go on, are paid and
 * wait for clean hours: the functions that members call. Tests plant faults here, and see that the
 * invariants find them.
 */
interface Rules {
  Rules PRODUCTION = new Rules() {};

  /** What follows from where a job stands. */
  default List<JobRules.Step> steps(Job job) {
    return JobRules.steps(job);
  }

  /** The end of a job whose time has passed; null before. */
  default JobRules.Step.@Nullable Finish passed(Job job, long nowMillis) {
    return JobRules.passed(job, nowMillis);
  }

  /** What is known of the node that gets a lease, and whether its result is spot-checked. */
  default Replica.Standing standing(Shown shown, Request request, Grant grant) {
    return shown.standing(request, grant);
  }

  /** One clearing of the spot market. */
  default Optional<SpotClearing.Outcome> clearing(
      long lastNanoOpen,
      MarketTerms terms,
      Matcher matcher,
      List<SpotClearing.Bid> bids,
      List<SpotClearing.Ask> asks) {
    return SpotClearing.of(lastNanoOpen, terms, matcher, bids, asks);
  }

  /** Who wins an order of slots to be bought ahead. */
  default List<Booking> awarded(List<Booking> won) {
    return won;
  }

  /** Slots of a node that are kept for those who bought them. */
  default int withheld(int slots) {
    return slots;
  }

  /** What a node has earned of a booking that is over. */
  default long earned(Booking booking, long nanoOpen) {
    return nanoOpen;
  }

  /** Who has what. */
  default Books books() {
    return new Books();
  }

  /** Whether replicas of a task may be stopped. */
  default boolean mayStop(Job job, Job.Task task) {
    return Preemptions.allowed(job, task);
  }

  /** What a job writes down when a slot is wanted back; nothing if it does not obey. */
  default List<JobEvent> notice(Job job, JobMessage.Preempt said, long nowMillis) {
    return Preemptions.of(job, said, nowMillis);
  }

  /** What a job does by its own clock once a notice is over. */
  default List<JobEvent> over(Job job, long nowMillis) {
    return Preemptions.over(job, nowMillis);
  }

  /** The same, when the node says that it stopped, and what it saved. */
  default @Nullable JobEvent stopped(Job job, JobMessage.Lost said, long nowMillis) {
    return Preemptions.instead(job, said, nowMillis);
  }

  /** Who goes on from where others were stopped. */
  default List<Grant> assign(Job job, List<Grant> grants) {
    return SavedStates.assign(job, grants);
  }

  /** What each replica of a decided task is paid. */
  default List<Payout> payouts(Job job, Job.Task task) {
    return Payouts.of(job, task);
  }

  /** What a task that could start should rather wait for. */
  default Optional<TimeShift.Wait> shift(
      TimeShift by, Request request, Collection<Node> nodes, long deadlineMillis, long nowMillis) {
    return by.of(request, nodes, deadlineMillis, nowMillis);
  }
}

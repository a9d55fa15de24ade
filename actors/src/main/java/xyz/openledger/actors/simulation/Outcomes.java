package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.actors.pool.Booking;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.verification.Payout;

/** What is noted while a simulation runs, and the figures that it comes to. */
final class Outcomes {
  private final List<Long> waits = new ArrayList<>();
  private final List<Long> completions = new ArrayList<>();
  private final Map<TenantId, List<Double>> service = new TreeMap<>();
  private final List<Double> objectives = new ArrayList<>();
  private int settled;
  private int failed;
  private long chargedNanoOpen;
  private double gramsCarbon;
  private double gramsSaved;
  private int preemptions;
  private int shifts;
  private double busy;
  private double there;
  private double fragmented;
  private double time;
  private int etaTold;
  private int etaWithin50;
  private int etaWithin90;
  private int retries;
  private int tasks;
  private int copies;
  private int spotChecks;
  private int wrong;
  private int caught;
  private double paidNanoOpen;
  private double paidTwiceNanoOpen;
  private double burnedBusy;
  private double burnedOpen;
  private int spotLeases;
  private double slotHoursAhead;
  private double aheadNanoOpen;
  private final List<Long> hurriedWaits = new ArrayList<>();
  private double spotNanoOpen;

  /** Time went by with so many slots in use of those there. */
  void passed(long millis, int inUse, int slots, double fragmentation) {
    busy += (double) inUse * millis;
    there += (double) slots * millis;
    fragmented += fragmentation * millis;
    time += millis;
  }

  /** The same in what the slots could burn: the first of these sums of the second. */
  void burned(long millis, double[] busyOfOpen) {
    burnedBusy += busyOfOpen[0] * millis;
    burnedOpen += busyOfOpen[1] * millis;
  }

  /** Slots were bought ahead. */
  void booked(Booking booking) {
    slotHoursAhead += booking.slots() * booking.periodMillis() / 3_600_000.0;
    aheadNanoOpen += booking.priceNanoOpen();
  }

  /** Leases were sold on the spot. */
  void sold(int leases, long priceNanoOpen) {
    spotLeases += leases;
    spotNanoOpen += (double) priceNanoOpen * leases;
  }

  /** A task is decided, and its replicas are paid so. */
  void decided(Job.Task task, List<Payout> payouts, boolean success) {
    long most = 0;
    long all = 0;
    Outcome truth = null;
    for (int i = 0; i < payouts.size(); i++) {
      JobReplica replica = task.replicas().get(i);
      boolean accepted = payouts.get(i).standing() == Receipt.Standing.ACCEPTED;
      all += payouts.get(i).nanoOpen();
      most = accepted ? Math.max(most, payouts.get(i).nanoOpen()) : most;
      truth = accepted ? replica.outcome() : truth;
      spotChecks += replica.grant().audited() ? 1 : 0;
      caught += payouts.get(i).standing() == Receipt.Standing.REJECTED ? 1 : 0;
      copies += success && replica.outcome() != null ? 1 : 0;
    }
    if (success) {
      tasks++;
      paidNanoOpen += all;
      paidTwiceNanoOpen += all - most;
      wrong += truth != null && !truth.outputDigest().equals(Jobs.TRUTH) ? 1 : 0;
    }
  }

  /**
   * All tasks of a job have a node.
   *
   * @param hurried whether it goes anywhere, and is of no use later
   */
  void started(long waitedMillis, boolean hurried) {
    waits.add(waitedMillis);
    if (hurried) {
      hurriedWaits.add(waitedMillis);
    }
  }

  /** A replica's slot and energy were used. */
  void ran(long millis, double watts, int carbonGramsPerKwh) {
    emitted(grams(millis, watts, carbonGramsPerKwh));
  }

  /** What so much power emits in that time. */
  static double grams(long millis, double watts, int carbonGramsPerKwh) {
    return watts * millis / 3_600_000_000.0 * carbonGramsPerKwh;
  }

  void emitted(double grams) {
    gramsCarbon += grams;
  }

  /** A replica of a task that had waited for a clean hour; negative if it was in vain. */
  void saved(double grams) {
    gramsSaved += grams;
  }

  void preempted() {
    preemptions++;
  }

  void shifted() {
    shifts++;
  }

  void retried() {
    retries++;
  }

  /** How good a node is by the policy's own weights, of the best there is: 0 to 1. */
  void placed(double objective) {
    objectives.add(objective);
  }

  void told(boolean within50, boolean within90) {
    etaTold++;
    etaWithin50 += within50 ? 1 : 0;
    etaWithin90 += within90 ? 1 : 0;
  }

  void finished(TenantId tenant, boolean success, long tookMillis, long bestMillis, long charged) {
    settled += success ? 1 : 0;
    failed += success ? 0 : 1;
    chargedNanoOpen += charged;
    if (success) {
      completions.add(tookMillis);
    }
    double served = success ? Math.min(1, (double) bestMillis / Math.max(1, tookMillis)) : 0;
    service.computeIfAbsent(tenant, _ -> new ArrayList<>()).add(served);
  }

  Figures figures() {
    return new Figures(
        settled,
        failed,
        retries,
        seconds(mean(waits)),
        seconds(quantile(waits, 0.95)),
        seconds(mean(completions)),
        seconds(quantile(completions, 0.95)),
        rounded(100 * busy / Math.max(1, there)),
        rounded(100 * fragmented / Math.max(1, time)),
        rounded(chargedNanoOpen / 1e9 / Math.max(1, settled)),
        rounded(gramsCarbon / Math.max(1, settled)),
        rounded(100 * mean(objectives)),
        rounded(jain()),
        etaTold,
        rounded(100.0 * etaWithin50 / Math.max(1, etaTold)),
        rounded(100.0 * etaWithin90 / Math.max(1, etaTold)),
        preemptions,
        shifts,
        rounded(gramsSaved / Math.max(1, settled)),
        rounded(100 * burnedBusy / Math.max(1, burnedOpen)),
        rounded((double) copies / Math.max(1, tasks)),
        rounded(100 * paidTwiceNanoOpen / Math.max(1, paidNanoOpen)),
        spotChecks,
        caught,
        wrong,
        spotLeases,
        rounded(spotNanoOpen / 1e9 / Math.max(1, spotLeases)),
        rounded(slotHoursAhead),
        rounded(aheadNanoOpen / 1e9 / Math.max(1, slotHoursAhead)),
        seconds(mean(hurriedWaits)));
  }

  /** Jain's index over what part of its jobs' ideal speed each tenant got: 1 if all got alike. */
  private double jain() {
    double sum = 0;
    double squares = 0;
    for (List<Double> tenant : service.values()) {
      double served = mean(tenant);
      sum += served;
      squares += served * served;
    }
    return squares == 0 ? 0 : sum * sum / (service.size() * squares);
  }

  private static double mean(List<? extends Number> values) {
    double sum = 0;
    for (Number value : values) {
      sum += value.doubleValue();
    }
    return values.isEmpty() ? 0 : sum / values.size();
  }

  private static double quantile(List<Long> values, double part) {
    if (values.isEmpty()) {
      return 0;
    }
    var sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get((int) Math.min(sorted.size() - 1L, (long) (part * sorted.size())));
  }

  private static double seconds(double millis) {
    return rounded(millis / 1_000);
  }

  /** Four digits behind the point: enough for people, and the same text on every machine. */
  private static double rounded(double value) {
    return StrictMath.rint(value * 10_000) / 10_000;
  }
}

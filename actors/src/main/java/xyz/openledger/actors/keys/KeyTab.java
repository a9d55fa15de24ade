package xyz.openledger.actors.keys;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import xyz.openledger.protocol.JobId;

/** What one key has spent, and what it may still come to. Not thread-safe. */
final class KeyTab {
  /**
   * A job that is not known to be over.
   *
   * @param open how many of its submissions are not known to have begun nothing
   * @param sinceMillis when the last of them was announced
   */
  record Hold(long mostNanoOpen, int open, long sinceMillis) {}

  final ApiKey key;
  final long revision;

  /** So many jobs are remembered for what they cost, so that a repeat is not charged again. */
  private static final int CHARGED_MAX = 64;

  private final Map<JobId, Hold> running = new LinkedHashMap<>();
  private final LinkedHashSet<JobId> charged = new LinkedHashSet<>();
  private long spentNanoOpen;
  private long runningNanoOpen;

  KeyTab(ApiKey key, long revision) {
    this.key = key;
    this.revision = revision;
  }

  static KeyTab of(KeysSnapshot.Tab saved) {
    var tab = new KeyTab(saved.key(), saved.revision());
    tab.spentNanoOpen = saved.spentNanoOpen();
    saved
        .running()
        .forEach(
            one -> tab.put(one.job(), new Hold(one.mostNanoOpen(), one.open(), one.sinceMillis())));
    List<JobId> charged = saved.charged();
    if (charged != null) {
      tab.charged.addAll(charged);
    }
    return tab;
  }

  KeysSnapshot.Tab saved() {
    return new KeysSnapshot.Tab(
        key,
        revision,
        spentNanoOpen,
        running.entrySet().stream()
            .map(
                one ->
                    new KeysSnapshot.Hold(
                        one.getKey(),
                        one.getValue().mostNanoOpen(),
                        one.getValue().open(),
                        one.getValue().sinceMillis()))
            .toList(),
        charged.isEmpty() ? null : List.copyOf(charged));
  }

  long spentNanoOpen() {
    return spentNanoOpen;
  }

  long runningNanoOpen() {
    return runningNanoOpen;
  }

  Map<JobId, Hold> running() {
    return running;
  }

  void moved(long spent, List<Reservation> jobs, long atMillis) {
    spentNanoOpen = Math.addExact(spentNanoOpen, spent);
    jobs.forEach(job -> reserved(job, atMillis));
  }

  void reserved(Reservation job, long atMillis) {
    Hold known = running.get(job.job());
    put(
        job.job(),
        known == null
            ? new Hold(job.mostNanoOpen(), 1, atMillis)
            : new Hold(
                Math.max(known.mostNanoOpen(), job.mostNanoOpen()),
                known.open() + 1,
                Math.max(known.sinceMillis(), atMillis)));
  }

  void beganNothing(JobId job) {
    Hold known = running.get(job);
    if (known != null && known.open() == 1) {
      remove(job);
    } else if (known != null) {
      put(job, new Hold(known.mostNanoOpen(), known.open() - 1, known.sinceMillis()));
    }
  }

  void ended(JobId job, long costNanoOpen) {
    if (remove(job)) {
      spentNanoOpen = Math.addExact(spentNanoOpen, costNanoOpen);
      if (costNanoOpen > 0) {
        charged.addLast(job);
        if (charged.size() > CHARGED_MAX) {
          charged.removeFirst();
        }
      }
    }
  }

  /** Whether it is over and was charged: submitted again it begins nothing. */
  boolean isCharged(JobId job) {
    return charged.contains(job);
  }

  private void put(JobId job, Hold hold) {
    Hold before = running.put(job, hold);
    runningNanoOpen =
        Math.addExact(
            runningNanoOpen, hold.mostNanoOpen() - (before == null ? 0 : before.mostNanoOpen()));
  }

  private boolean remove(JobId job) {
    Hold before = running.remove(job);
    runningNanoOpen -= before == null ? 0 : before.mostNanoOpen();
    return before != null;
  }
}

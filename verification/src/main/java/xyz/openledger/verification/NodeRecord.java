package xyz.openledger.verification;

import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.verification.Reputation.Conduct;

/**
 * What a node has done, altogether and by kind of work. Trust is earned by kind: a thousand small
 * tasks say little of a large one.
 *
 * @param classes by the name of the workload class, as it stands in evidence
 */
public record NodeRecord(TrackRecord whole, Map<String, TrackRecord> classes) {
  /** Of a node that nothing is known of. */
  public static final NodeRecord NEW = new NodeRecord(TrackRecord.NEW, Map.of());

  /** More kinds of work than there are; of whatever comes beyond, only the whole is kept. */
  static final int CLASSES_MAX = 512;

  /** Keeps its own copy. */
  public NodeRecord {
    classes = Map.copyOf(classes);
  }

  /** What it has shown in one kind of work. */
  public TrackRecord in(String workloadClass) {
    return classes.getOrDefault(workloadClass, TrackRecord.NEW);
  }

  /**
   * After one more replica.
   *
   * @param workloadClass empty if it is not known
   */
  public NodeRecord after(String workloadClass, Conduct conduct, boolean confirmed, long atMillis) {
    var next = new TreeMap<>(classes);
    boolean known = classes.containsKey(workloadClass);
    if (!workloadClass.isEmpty() && (known || classes.size() < CLASSES_MAX)) {
      next.put(workloadClass, in(workloadClass).after(conduct, confirmed, atMillis));
    }
    return new NodeRecord(whole.after(conduct, confirmed, atMillis), next);
  }
}

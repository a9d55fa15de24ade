package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.Job;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;

/** A job under way, and what has been asked for it and not granted. */
final class LiveJob {
  static final String TRUTH = "the truth";

  final Arrival arrival;
  final Jobs.Field field;
  final Map<Integer, TreeSet<Integer>> requested = new TreeMap<>();

  /** How many replicas a task may take beyond those, as last reckoned. */
  final Map<Integer, Integer> later = new TreeMap<>();

  final Map<ReplicaId, Run> runs = new HashMap<>();

  /** When tasks that waited for a clean hour could first have started. */
  final Map<Integer, Long> shiftedSince = new HashMap<>();

  /** What states that were saved come to. */
  final Map<Digest, String> states = new HashMap<>();

  Job job;
  boolean started;

  /**
   * A replica under way.
   *
   * @param says what its output will be
   * @param atOnce whether it shows it at once, or binds itself to it first
   */
  record Run(long sinceMillis, double fuelPerSecond, String says, boolean atOnce) {}

  LiveJob(Arrival arrival, Job job, Jobs.Field field) {
    this.arrival = arrival;
    this.field = field;
    this.job = job;
  }

  int pending() {
    return requested.values().stream().mapToInt(TreeSet::size).sum()
        + later.values().stream().mapToInt(Integer::intValue).sum();
  }

  WorkloadClass workload() {
    return WorkloadClass.of(job.workload().fuelMax(), job.workload().memoryMaxBytes());
  }

  /** What comes of a false state is false, too. */
  String says(Grant grant, boolean lies) {
    Receipt.Resumed resumed = grant.resumed();
    return lies
        ? grant.node().value()
        : resumed == null ? TRUTH : Objects.requireNonNull(states.get(resumed.saved().blob()));
  }
}

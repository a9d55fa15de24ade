package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.JobId;

/**
 * The live jobs of one partition. A job that is settled leaves; what it was stays in the journal
 * and in the views made from it. Of the last ones it is remembered that they were, since views are
 * a little behind: a submission that is repeated meanwhile begins nothing anew.
 *
 * <p>Mutable, and changed by {@link #apply} alone: the actor that owns it is its only reader.
 */
final class PartitionState {
  /** The most settled jobs that are remembered. */
  static final int SETTLED_MAX = 256;

  private final Map<JobId, Job> live = new LinkedHashMap<>();
  private final LinkedHashMap<JobId, SettledJob> settled = new LinkedHashMap<>();
  private final Map<JobId, List<JobEvent>> events = new LinkedHashMap<>();
  private long nextHoldNumber = 1;

  static PartitionState of(PartitionSnapshot snapshot) {
    var state = new PartitionState();
    snapshot.events().forEach(state::apply);
    state.nextHoldNumber = snapshot.nextHoldNumber();
    List<SettledJob> past = snapshot.settled();
    if (past != null) {
      past.forEach(job -> state.settled.put(job.job(), job));
    }
    return state;
  }

  PartitionSnapshot snapshot() {
    return new PartitionSnapshot(
        events.values().stream().flatMap(List::stream).toList(),
        nextHoldNumber,
        settled.isEmpty() ? null : List.copyOf(settled.values()));
  }

  PartitionState apply(JobEvent event) {
    switch (event) {
      case JobEvent.Submitted submitted -> {
        live.put(submitted.job(), Job.of(submitted));
        nextHoldNumber = Math.max(nextHoldNumber, submitted.holdNumber() + 1);
      }
      case JobEvent.Settled(var id, _, _) -> remember(live.remove(id));
      default -> live.computeIfPresent(event.job(), (_, job) -> job.apply(event));
    }
    if (event instanceof JobEvent.Settled) {
      events.remove(event.job());
    } else {
      events.computeIfAbsent(event.job(), _ -> new ArrayList<>()).add(event);
    }
    return this;
  }

  private void remember(@Nullable Job job) {
    if (job != null && job.finished() != null) {
      settled.putLast(job.id(), SettledJob.of(job, job.finished()));
      if (settled.size() > SETTLED_MAX) {
        settled.pollFirstEntry();
      }
    }
  }

  @Nullable Job job(JobId id) {
    return live.get(id);
  }

  /** One of the last that have left, or null. */
  @Nullable SettledJob settled(JobId id) {
    return settled.get(id);
  }

  List<Job> jobs() {
    return List.copyOf(live.values());
  }

  int size() {
    return live.size();
  }

  long nextHoldNumber() {
    return nextHoldNumber;
  }
}

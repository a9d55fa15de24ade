package xyz.openledger.actors.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition in a snapshot: the events of its live jobs, in order, and where the count of holds
 * stands. Being events, they are read by the same rules as the journal, for as long.
 *
 * @param settled the last jobs that have left, the oldest first; null for none, as in snapshots of
 *     before they were remembered
 */
public record PartitionSnapshot(
    List<JobEvent> events, long nextHoldNumber, @Nullable List<SettledJob> settled) {}

package xyz.openledger.actors.job;

import java.util.List;

/**
 * A partition in a snapshot: the events of its live jobs, in order, and where the count of holds
 * stands. Being events, they are read by the same rules as the journal, for as long.
 */
public record PartitionSnapshot(List<JobEvent> events, long nextHoldNumber) {}

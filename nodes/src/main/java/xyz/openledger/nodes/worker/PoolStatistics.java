package xyz.openledger.nodes.worker;

/**
 * A pool at one moment.
 *
 * @param workersReady workers that take tasks
 * @param tasksRunning tasks that have been given to a worker
 * @param tasksWaiting tasks for which no worker was free
 * @param tasksCompleted tasks that ran to an end since the pool started
 * @param workersLost processes that ended without being told to
 * @param sparesReady workers that would take the place of a lost one at once
 */
public record PoolStatistics(
    int workersReady,
    int tasksRunning,
    int tasksWaiting,
    long tasksCompleted,
    long workersLost,
    int sparesReady) {}

package xyz.openledger.protocol.api;

import xyz.openledger.protocol.JobId;

/**
 * A job that was taken.
 *
 * @param repeated whether it had been taken before, under the same key
 */
@Answer
public record Submitted(JobId job, JobState state, boolean repeated) {}

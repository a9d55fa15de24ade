package xyz.openledger.protocol.api;

import java.util.List;
import xyz.openledger.protocol.JobId;

/**
 * Why a job went where it went, one sentence each.
 *
 * @param reasons as stored when its nodes were chosen
 * @param waiting what it waits for now
 */
@Answer
public record Explanation(JobId job, JobState state, List<String> reasons, List<String> waiting) {}

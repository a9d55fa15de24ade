package xyz.openledger.cluster.http.api;

import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.api.JobState;

/** What became of one submission. */
public sealed interface SubmitAnswer {

  /**
   * It is durable and its escrow held.
   *
   * @param repeated whether it was taken before, under the same key with the same body
   */
  record Taken(JobId job, JobState state, boolean repeated) implements SubmitAnswer {}

  /**
   * It was not taken.
   *
   * @param field in the submitted job; empty if none
   */
  record Refused(Problem problem, String field, String detail) implements SubmitAnswer {}
}

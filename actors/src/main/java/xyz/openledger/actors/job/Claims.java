package xyz.openledger.actors.job;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;

/**
 * A job that checks an earlier one begins with what was said there: one owner has spoken, and
 * others have to come to the same or be contradicted. So a lie is found by the rules that find all
 * others, and stands, signed, in the receipt of the check.
 */
final class Claims {
  private Claims() {}

  /** The first events of a job. */
  static List<JobEvent> with(JobEvent.Submitted submitted, JobMessage.@Nullable Claim claim) {
    if (claim == null) {
      return List.of(submitted);
    }
    List<Job.Task> tasks = Job.of(submitted).tasks();
    Digest identity = tasks.getFirst().identity();
    if (tasks.size() != 1
        || claim.grant().replica().task().index() != 0
        || !claim.grant().replica().equals(claim.reveal().replica())
        || !claim.task().equals(identity)) {
      throw Check.refusal("tasks", "what is to be checked was said of another task");
    }
    return List.of(
        submitted,
        new JobEvent.Claimed(submitted.job(), claim.grant(), claim.reveal(), submitted.atMillis()));
  }
}

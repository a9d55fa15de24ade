package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One execution of one task on one node, written {@code job-…/3/r2}. Replicas are numbered from 0;
 * a new lease is a new replica, so a number is never used twice.
 */
public record ReplicaId(TaskId task, int number) {
  /** No task is ever leased more often than this. */
  public static final int NUMBER_MAX = 999;

  /** Checks the number. */
  public ReplicaId {
    if (number < 0 || number > NUMBER_MAX) {
      throw new ProblemException(
          Problem.INVALID_REQUEST, "replica", "a replica number is 0 to " + NUMBER_MAX);
    }
  }

  /** Reads {@code job-…/3/r2}; refuses anything else with {@code invalid-request}. */
  @JsonCreator
  public static ReplicaId parse(String text) {
    int mark = text.lastIndexOf("/r");
    int number = mark < 0 ? -1 : Identifiers.number(text.substring(mark + 2), NUMBER_MAX);
    if (number < 0) {
      throw new ProblemException(
          Problem.INVALID_REQUEST, "replica", "expected a replica such as job-…/0/r0, got " + text);
    }
    return new ReplicaId(TaskId.parse(text.substring(0, mark)), number);
  }

  /** The job it belongs to. */
  public JobId job() {
    return task.job();
  }

  @JsonValue
  @Override
  public String toString() {
    return task + "/r" + number;
  }
}

package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** One task of a job, written {@code job-…/3}. Tasks are numbered from 0. */
public record TaskId(JobId job, int index) {
  /** Checks that the index is one that a job can have. */
  public TaskId {
    if (index < 0 || index >= JobSpec.TASKS_MAX) {
      throw new ProblemException(
          Problem.INVALID_REQUEST, "task", "a task index is 0 to " + (JobSpec.TASKS_MAX - 1));
    }
  }

  /** Reads {@code job-…/3}; refuses anything else with {@code invalid-request}. */
  @JsonCreator
  public static TaskId parse(String text) {
    int slash = text.indexOf('/');
    int index =
        slash < 0 ? -1 : Identifiers.number(text.substring(slash + 1), JobSpec.TASKS_MAX - 1);
    if (index < 0) {
      throw new ProblemException(
          Problem.INVALID_REQUEST, "task", "expected a task such as job-…/0, got " + text);
    }
    return new TaskId(JobId.parse(text.substring(0, slash)), index);
  }

  @JsonValue
  @Override
  public String toString() {
    return job + "/" + index;
  }
}

package xyz.openledger.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.JobSpec;

/**
 * Many tasks from one: the index stands wherever the task says {@code {index}}, in an argument or
 * in its input's name; if it says so nowhere, the index becomes its last argument.
 *
 * @param from the first index
 * @param to the last one
 */
public record TaskArray(int from, int to) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})-(\\d{1,9})");
  private static final String INDEX = "{index}";

  /** Checks that there is at least one task and not too many. */
  public TaskArray {
    if (to < from || to - from >= JobSpec.TASKS_MAX) {
      throw Check.refusal(
          "array",
          "must be 1 to %d indices, the smaller first: 0-99; is %d-%d"
              .formatted(JobSpec.TASKS_MAX, from, to));
    }
  }

  /** Reads {@code 0-99}. */
  public static TaskArray parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw Check.refusal("array", "expected the first and the last index, as 0-99");
    }
    return new TaskArray(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
  }

  /** Puts as many tasks as there are indices where the one of a job file stood. */
  void expand(ObjectNode job) {
    if (!(job.path("tasks") instanceof ArrayNode tasks)
        || tasks.size() != 1
        || !(tasks.get(0) instanceof ObjectNode template)) {
      throw Check.refusal("tasks", "must be one task, from which an array makes many");
    }
    boolean named = named(template);
    ArrayNode many = job.putArray("tasks");
    for (int index = from; index <= to; index++) {
      many.add(task(template, index, named));
    }
  }

  private static boolean named(ObjectNode template) {
    boolean named = template.path("input").asText("").contains(INDEX);
    for (JsonNode argument : template.path("arguments")) {
      named |= argument.asText("").contains(INDEX);
    }
    return named;
  }

  private static ObjectNode task(ObjectNode template, int index, boolean named) {
    String text = Integer.toString(index);
    ObjectNode task = template.deepCopy();
    if (task.path("input").isTextual()) {
      task.put("input", task.path("input").asText().replace(INDEX, text));
    }
    ArrayNode arguments = task.putArray("arguments");
    for (JsonNode argument : template.path("arguments")) {
      arguments.add(
          argument.isTextual()
              ? TextNode.valueOf(argument.asText().replace(INDEX, text))
              : argument);
    }
    if (!named) {
      arguments.add(text);
    }
    return task;
  }
}

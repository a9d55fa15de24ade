package xyz.openledger.actors.simulation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/**
 * Reads jobs from a CSV file whose first line is
 *
 * <pre>
 *   submit_s,tenant,tasks,duration_s,memory_mib,priority,gang,region
 * </pre>
 *
 * <p>Seconds may have a fraction; {@code tasks} is 1 to 256, {@code memory_mib} 1 to 1024, {@code
 * priority} 0 to 9, {@code gang} true or false, {@code region} one of the simulated ones or empty.
 * Fields are not quoted; empty lines and lines that start with # are passed over.
 */
public final class Trace {
  private static final List<String> COLUMNS =
      List.of(
          "submit_s", "tenant", "tasks", "duration_s", "memory_mib", "priority", "gang", "region");

  private static final int ROWS_MAX = 20_000;
  private static final long BYTES_MAX = 16L << 20;
  private static final double SUBMIT_MAX = 366 * 86_400.0;

  private Trace() {}

  /** One job of a trace. */
  public record Row(
      double submitSeconds,
      TenantId tenant,
      int tasks,
      double durationSeconds,
      int memoryMib,
      int priority,
      boolean gang,
      String region) {}

  /**
   * Reads a file.
   *
   * @throws ProblemException that names line and column, if it cannot be understood
   */
  public static List<Row> read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw refusal("file", "has more than 16 MiB");
    }
    return parse(Files.readString(file, StandardCharsets.UTF_8));
  }

  static List<Row> parse(String text) {
    var rows = new ArrayList<Row>();
    boolean header = false;
    int number = 0;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (!header) {
        if (!line.strip().equals(String.join(",", COLUMNS))) {
          throw refusal("line " + number, "the first line must be " + String.join(",", COLUMNS));
        }
        header = true;
        continue;
      }
      if (rows.size() == ROWS_MAX) {
        throw refusal("line " + number, "a trace has at most %d jobs".formatted(ROWS_MAX));
      }
      rows.add(new Line(number, line.split(",", -1)).row());
    }
    if (rows.isEmpty()) {
      throw refusal("file", "has no jobs");
    }
    return rows;
  }

  static List<Arrival> arrivals(List<Row> rows, Scenario.Draws draws) {
    var sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingDouble(Row::submitSeconds));
    var arrivals = new ArrayList<Arrival>();
    for (Row row : sorted) {
      arrivals.add(
          Scenario.job(
              draws,
              arrivals.size(),
              (long) (row.submitSeconds() * 1_000),
              row.tenant(),
              row.tasks(),
              row.gang(),
              row.durationSeconds(),
              row.memoryMib(),
              row.priority(),
              row.region().isEmpty() ? null : row.region()));
    }
    return arrivals;
  }

  private static ProblemException refusal(String where, String what) {
    return Check.refusal(where, what);
  }

  private record Line(int number, String[] fields) {
    Row row() {
      if (fields.length != COLUMNS.size()) {
        throw refusal(
            "line " + number,
            "has %d columns, must have %d".formatted(fields.length, COLUMNS.size()));
      }
      String region = fields[7].strip();
      if (!region.isEmpty() && !Fleet.REGIONS.contains(region)) {
        throw wrong(7, "one of " + Fleet.REGIONS + " or empty");
      }
      return new Row(
          number(0, 0, SUBMIT_MAX),
          tenant(),
          (int) whole(2, 1, JobSpec.TASKS_MAX),
          number(3, 0.001, Scenario.SECONDS_MAX),
          (int) whole(4, 1, 1_024),
          (int) whole(5, 0, 9),
          flag(),
          region);
    }

    private TenantId tenant() {
      try {
        return TenantId.parse(fields[1].strip());
      } catch (ProblemException wrong) {
        throw wrong(1, "1 to 63 of a-z, 0-9 and -, starting with a letter");
      }
    }

    private boolean flag() {
      return switch (fields[6].strip()) {
        case "true" -> true;
        case "false" -> false;
        default -> throw wrong(6, "true or false");
      };
    }

    private long whole(int column, long min, long max) {
      double value = number(column, (double) min, (double) max);
      if (value != StrictMath.rint(value)) {
        throw wrong(column, "a whole number");
      }
      return (long) value;
    }

    private double number(int column, double min, double max) {
      try {
        double value = Double.parseDouble(fields[column].strip());
        if (value >= min && value <= max) {
          return value;
        }
      } catch (NumberFormatException notANumber) {
        // Told below, as a number out of range is.
      }
      throw wrong(column, "a number from %s to %s".formatted(min, max));
    }

    private ProblemException wrong(int column, String expected) {
      return new ProblemException(
          Problem.INVALID_REQUEST,
          "line " + number + ", column " + COLUMNS.get(column),
          "expected %s, got '%s'".formatted(expected, fields[column].strip()));
    }
  }
}

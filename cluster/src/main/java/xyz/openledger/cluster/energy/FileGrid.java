package xyz.openledger.cluster.energy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import xyz.openledger.pools.energy.GridIntensity;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

/**
 * Hourly intensities from a file, such as a day-ahead forecast: {@code zone,hour,gramsPerKwh} with
 * a head line, hours in UTC as {@code 2026-11-22T20:00:00Z}. Lines that begin with {@code #} say
 * what it is. A file whose name ends in {@code .json} is a list of objects with these three fields.
 */
public final class FileGrid implements GridIntensity {
  private static final long BYTES_MAX = 16L << 20;
  private static final String HEAD = "zone,hour,gramsPerKwh";
  private static final Pattern GRAMS = Pattern.compile("[0-9]{1,6}");
  private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9_-]{1,32}");

  private record Hour(String zone, long epochHour) {}

  private final Map<Hour, Reading> readings = new HashMap<>();
  private final Path file;

  private FileGrid(Path file) {
    this.file = file;
  }

  /**
   * Reads all of it.
   *
   * @throws GridUnavailable naming the line that is wrong
   */
  public static FileGrid read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new GridUnavailable(file.toString(), "the file has more than 16 MiB");
    }
    var grid = new FileGrid(file);
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (MalformedInputException binary) {
      throw new GridUnavailable(file.toString(), "the file is no text in UTF-8");
    }
    if (file.toString().endsWith(".json")) {
      grid.addAll(String.join("\n", lines));
      return grid;
    }
    boolean headed = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (!headed) {
        headed = true;
        grid.require(line.equals(HEAD), i, "expected the head " + HEAD);
      } else {
        grid.add(line.split(",", -1), i);
      }
    }
    return grid;
  }

  private void addAll(String text) throws GridUnavailable {
    JsonNode list;
    try {
      list = Json.read(text, JsonNode.class);
    } catch (ProblemException malformed) {
      throw new GridUnavailable(file.toString(), "the file is no JSON");
    }
    require(list.isArray(), 0, "expected a list of zone, hour and gramsPerKwh");
    for (int i = 0; i < list.size(); i++) {
      JsonNode entry = list.get(i);
      require(entry.size() == 3, i, "expected zone, hour and gramsPerKwh");
      add(
          new String[] {
            entry.path("zone").asText(),
            entry.path("hour").asText(),
            entry.path("gramsPerKwh").asText()
          },
          i);
    }
  }

  private void add(String[] row, int index) throws GridUnavailable {
    require(row.length == 3, index, "expected zone, hour and gramsPerKwh");
    require(ZONE.matcher(row[0]).matches(), index, "no zone");
    require(
        GRAMS.matcher(row[2]).matches() && Integer.parseInt(row[2]) <= GRAMS_PER_KWH_MAX,
        index,
        "gramsPerKwh must be a whole number from 0 to " + GRAMS_PER_KWH_MAX);
    Instant hour;
    try {
      hour = Instant.parse(row[1]);
    } catch (DateTimeException malformed) {
      throw wrong(index, "the hour must look like 2026-11-22T20:00:00Z");
    }
    require(hour.equals(hour.truncatedTo(ChronoUnit.HOURS)), index, "the hour must be a whole one");
    var reading =
        new Reading(Integer.parseInt(row[2]), Basis.HOURLY, file.getFileName() + ", " + row[1]);
    var key = new Hour(row[0], Math.floorDiv(hour.getEpochSecond(), 3_600));
    require(readings.put(key, reading) == null, index, "the zone has that hour already");
  }

  private void require(boolean holds, int index, String why) throws GridUnavailable {
    if (!holds) {
      throw wrong(index, why);
    }
  }

  private GridUnavailable wrong(int index, String why) {
    String what = file.toString().endsWith(".json") ? "entry " : "line ";
    return new GridUnavailable(file.toString(), what + (index + 1) + ": " + why);
  }

  @Override
  public Optional<Reading> at(String zone, long epochHour) {
    return Optional.ofNullable(readings.get(new Hour(zone, epochHour)));
  }
}

package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.cluster.energy.FileGrid;
import xyz.openledger.cluster.energy.HttpGrid;
import xyz.openledger.pools.energy.GridIntensity;
import xyz.openledger.pools.energy.GridIntensity.Reading;
import xyz.openledger.pools.energy.StartHour;
import xyz.openledger.pools.energy.YearlyAverages;

@Command(
    name = "carbon",
    description = "Says how dirty a zone's electricity is, and when work would best start.",
    footer = {
      "",
      "Without --file or --from it knows yearly averages alone, by two-letter country.",
      "A file has the columns zone,hour,gramsPerKwh. A service answers GET URL?zone=ZONE with",
      "carbonIntensity; OPENLEDGER_GRID_TOKEN is sent to it as auth-token.",
      "",
      "Example: openledger pool carbon FR"
    })
final class PoolCarbonCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int HOURS_MAX = 24 * 366;

  @Mixin Output output;

  @Parameters(paramLabel = "ZONE", description = "such as FR")
  String zone = "";

  @Option(names = "--file", paramLabel = "FILE", description = "hourly intensities, CSV")
  @Nullable Path file;

  @Option(names = "--from", paramLabel = "URL", description = "a service that knows this hour's")
  @Nullable URI from;

  @Option(
      names = "--hours",
      paramLabel = "N",
      description = "find the best start for work that takes so long")
  @Nullable Integer hours;

  @Option(
      names = "--within",
      paramLabel = "N",
      defaultValue = "24",
      description = "hours in which it must be done (default 24)")
  int within;

  @Option(
      names = "--carbon-weight",
      paramLabel = "0..100",
      defaultValue = "100",
      description = "what cleanness counts (default 100)")
  int carbonWeight;

  @Option(
      names = "--wait-weight",
      paramLabel = "0..100",
      defaultValue = "0",
      description = "what waiting counts (default 0)")
  int waitWeight;

  PoolCarbonCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /**
   * What is told to programs.
   *
   * @param startInHours absent if it was not asked for
   */
  record Answer(String zone, Reading now, int hoursForeseen, @Nullable Integer startInHours) {}

  @Override
  public Integer call() throws IOException {
    GridIntensity grid = grid();
    long hour = Clock.systemUTC().millis() / Duration.ofHours(1).toMillis();
    List<Reading> foreseen = foreseen(grid, hour);
    if (foreseen.isEmpty()) {
      throw CommandFailure.failed(
          "nothing is known of zone " + zone + " in this hour", "openledger pool carbon --help");
    }
    Integer start = hours == null ? null : start(foreseen, hours);
    var answer = new Answer(zone, foreseen.getFirst(), foreseen.size(), start);
    output.print(answer, () -> text(answer));
    return ExitCode.OK;
  }

  private GridIntensity grid() throws IOException {
    if (file != null && from != null) {
      throw CommandFailure.usage("one source at a time", "--from", "");
    }
    if (file != null) {
      return FileGrid.read(output.shell().resolve(file));
    }
    return from == null
        ? new YearlyAverages()
        : new HttpGrid(
            from, output.shell().variable("OPENLEDGER_GRID_TOKEN"), TIMEOUT, Clock.systemUTC());
  }

  /** This hour and those after it, up to the first that is not known. */
  private List<Reading> foreseen(GridIntensity grid, long hour) {
    var foreseen = new ArrayList<Reading>();
    for (int ahead = 0; ahead < Math.clamp(within, 1, HOURS_MAX); ahead++) {
      var reading = grid.at(zone, hour + ahead);
      if (reading.isEmpty()) {
        break;
      }
      foreseen.add(reading.get());
    }
    return foreseen;
  }

  private int start(List<Reading> foreseen, int hours) {
    List<Integer> grams = foreseen.stream().map(Reading::gramsPerKwh).toList();
    return StartHour.choose(grams, hours, within, carbonWeight, waitWeight);
  }

  private static String text(Answer answer) {
    var fields =
        new ArrayList<>(
            List.of(
                field("zone", answer.zone()),
                field("now", answer.now().gramsPerKwh() + " g CO2e per kWh"),
                field(
                    "basis",
                    answer.now().basis() == GridIntensity.Basis.YEARLY_AVERAGE
                        ? "a yearly average: it says nothing about this hour"
                        : "this hour"),
                field("source", answer.now().source()),
                field("hours known", answer.hoursForeseen())));
    Integer start = answer.startInHours();
    if (start != null) {
      fields.add(field("best start", start == 0 ? "now" : "in " + start + " hours"));
    }
    return Table.fields(fields);
  }
}

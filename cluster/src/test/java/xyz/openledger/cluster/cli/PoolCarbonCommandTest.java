package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolCarbonCommandTest {
  @TempDir Path folder;

  @Test
  void saysThatAYearlyAverageIsOneAndWhoseItIs() {
    var result = new TestShell(folder).run("pool", "carbon", "FR");

    assertThat(result.out())
        .contains(
            "67 g CO2e per kWh", "it says nothing about this hour", "average of 2021", "Ember");
  }

  @Test
  void findsTheCleanestStartInAForecast() throws Exception {
    var hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
    var csv = new StringBuilder("zone,hour,gramsPerKwh\n");
    // From an hour ago, so that the test may run across a full hour: the lowest is ahead either
    // way.
    int[] grams = {400, 400, 400, 300, 50, 60, 400};
    for (int i = 0; i < grams.length; i++) {
      csv.append("XX,%s,%d%n".formatted(hour.plus(i - 1, ChronoUnit.HOURS), grams[i]));
    }
    Files.writeString(folder.resolve("ahead.csv"), csv);

    var result =
        new TestShell(folder)
            .run("pool", "carbon", "XX", "--file", "ahead.csv", "--hours", "2", "--within", "6");

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).containsPattern("best start +in [23] hours").contains("this hour");
  }

  @Test
  void saysWhatItDoesNotKnow() throws Exception {
    Files.writeString(folder.resolve("bad.csv"), "zone,hour,gramsPerKwh\nXX,noon,1\n");
    var shell = new TestShell(folder);

    var nowhere = shell.run("pool", "carbon", "XX");
    var broken = shell.run("pool", "carbon", "XX", "--file", "bad.csv");
    var both = shell.run("pool", "carbon", "XX", "--file", "bad.csv", "--from", "http://x.invalid");

    assertThat(nowhere.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(nowhere.err()).contains("nothing is known of zone XX");
    assertThat(broken.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(broken.err()).contains("line 2: the hour must look like");
    assertThat(both.exitCode()).isEqualTo(ExitCode.USAGE);
  }
}

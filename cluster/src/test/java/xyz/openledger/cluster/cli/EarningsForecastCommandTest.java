package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;

class EarningsForecastCommandTest {
  private static final String NODE = "node-" + "a".repeat(26);
  private static final long DAY = Duration.ofDays(1).toMillis();

  @TempDir Path folder;
  private final CannedMember member = new CannedMember();
  private TestShell shell;

  @BeforeEach
  void start() {
    shell = TestShell.of(folder, member);
  }

  @AfterEach
  void stop() {
    member.close();
  }

  @Test
  void saysHonestlyThatAYoungNodeHasNoHistory() {
    earned(3, 0);

    var result = shell.run("earnings", "forecast", "node-aaaaaa");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("No forecast yet: there are 2 whole days of history, and fewer than 14");
  }

  @Test
  void foreseesABandFromWhatTheDaysBrought() {
    earned(30, 1);

    var result = shell.run("earnings", "forecast", "node-aaaaaa", "--days", "10");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsSubsequence(
            "p10",
            "0.000010000 OPEN",
            "p50",
            "0.000010000 OPEN",
            "p90",
            "0.000010000 OPEN",
            "29 past days, seed 1",
            "1 paid replicas are left out");
  }

  @Test
  void refusesMoreDaysThanCanBeForeseen() {
    var result = shell.run("earnings", "forecast", "node-aaaaaa", "--days", "400");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("1 to 366 days", "--days");
    assertThat(member.questions).isEmpty();
  }

  /** A micro-OPEN on each of the last days, and some lines whose jobs nobody may see. */
  private void earned(int days, int unseen) {
    var lines = new StringJoiner(",");
    var jobs = new StringJoiner(",");
    for (int day = 1; day <= days + unseen; day++) {
      String job = id(day);
      lines.add(
          """
          {"job":"%s","replica":"%s/0/r0","netNanoOpen":"1000","feeNanoOpen":"0",
           "standing":"earned","epoch":0,"reason":""}\
          """
              .formatted(job, job));
      if (day <= days) {
        jobs.add(job(job, System.currentTimeMillis() - day * DAY));
      }
    }
    member.on(
        "GET /api/v1/earnings/node-aaaaaa",
        200,
        """
        {"node":"%s","owner":"0x%s","earnedNanoOpen":"1","publishingNanoOpen":"0",
         "claimableNanoOpen":"0","withheldNanoOpen":"0","lines":[%s]}\
        """
            .formatted(NODE, "0".repeat(40), lines));
    member.on(
        "GET /api/v1/jobs?state=settled&limit=200",
        200,
        "{\"items\":[" + jobs + "],\"cursor\":\"\"}");
  }

  private static String id(int number) {
    return JobId.of(TenantId.parse("demo"), "day-" + number).value();
  }

  private static String job(String id, long settledAtMillis) {
    return """
    {"id":"%s","tenant":"demo","name":"","labels":{},"state":"settled","spec":"sha256:%s",
     "objective":{"weights":{"cost":100,"latency":0,"reliability":0,"carbon":0}},
     "verification":{"method":"quorum","parameters":{"agreement":2,"replicasMax":5}},
     "taskCount":1,"pools":[],"nodes":[],"chargedNanoOpen":"1","submittedAtMillis":1,
     "changedAtMillis":%d}\
    """
        .formatted(id, "0".repeat(64), settledAtMillis);
  }
}

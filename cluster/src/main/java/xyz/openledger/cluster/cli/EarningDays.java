package xyz.openledger.cluster.cli;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.JobSummary;
import xyz.openledger.protocol.client.OpenLedgerClient;

/**
 * What each whole day brought, in the time zone of this machine: from its statement's lines and
 * when their jobs were settled. The first day is left out since it is not whole, and today.
 *
 * @param dailyNanoOpen oldest first, days without earnings included
 * @param undatedReplicas paid ones whose jobs are not to be seen
 */
record EarningDays(List<Long> dailyNanoOpen, int undatedReplicas) {
  /** How many of the newest settled jobs are looked through for the time of a payment. */
  private static final int JOBS_MAX = 5_000;

  static EarningDays of(OpenLedgerClient client, EarningsStatement statement, Clock clock) {
    List<EarningsStatement.Line> paid =
        statement.lines().stream()
            .filter(line -> line.standing() != EarningsStatement.Standing.WITHHELD)
            .toList();
    var times = new HashMap<JobId, Long>();
    if (!paid.isEmpty()) {
      client.jobs().list(JobState.SETTLED, Map.of()).stream()
          .limit(JOBS_MAX)
          .forEach((JobSummary job) -> times.put(job.id(), job.changedAtMillis()));
    }
    var days = new TreeMap<LocalDate, Long>();
    int undated = 0;
    for (EarningsStatement.Line line : paid) {
      Long settled = times.get(line.job());
      if (settled == null) {
        undated++;
      } else {
        var day = Instant.ofEpochMilli(settled).atZone(clock.getZone()).toLocalDate();
        days.merge(day, line.netNanoOpen(), Math::addExact);
      }
    }
    return new EarningDays(whole(days, LocalDate.now(clock)), undated);
  }

  private static List<Long> whole(TreeMap<LocalDate, Long> days, LocalDate today) {
    var whole = new ArrayList<Long>();
    if (!days.isEmpty()) {
      for (var day = days.firstKey().plusDays(1); day.isBefore(today); day = day.plusDays(1)) {
        whole.add(days.getOrDefault(day, 0L));
      }
    }
    return whole;
  }
}

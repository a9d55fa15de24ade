package xyz.openledger.cluster.member;

import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.view.JobRow;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.pools.governance.Ruling;
import xyz.openledger.protocol.JobId;

/** Ends jobs that wait and that rules which came into force since forbid. */
record Draining(Member member) {
  private static final int PAGE = 200;
  private static final int PAGES_MAX = 50;
  private static final String WAITS = "queued";

  /** Goes through the jobs that wait, at most 10,000; a repeat ends nothing twice. */
  void under(GovernedRules rules) {
    var ask = new Ask(member.system());
    String cursor = null;
    for (int page = 0; page < PAGES_MAX; page++) {
      var rows = member.views().jobs().list(row -> row.state().equals(WAITS), cursor, PAGE);
      for (JobRow row : rows.rows()) {
        ask.<JobMessage, JobMessage.ShowReply>of(
                member.jobs(row.job()), replyTo -> new JobMessage.Show(row.job(), replyTo))
            .thenAccept(reply -> drain(row.job(), reply.job(), rules));
      }
      cursor = rows.cursor();
      if (cursor == null || cursor.isEmpty() || rows.rows().isEmpty()) {
        return;
      }
    }
  }

  private void drain(JobId id, @Nullable Job job, GovernedRules rules) {
    if (job != null
        && !job.ruleHash().equals(rules.hash())
        && rules.rule(job.spec()) instanceof Ruling.Refused(_, var reason)) {
      member.jobs(id).tell(new JobMessage.Drain(id, reason + member.rules().decidedBy()));
    }
  }
}

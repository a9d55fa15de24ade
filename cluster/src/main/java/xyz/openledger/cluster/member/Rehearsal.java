package xyz.openledger.cluster.member;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.Sink;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobPartition;
import xyz.openledger.actors.journal.LmdbReadJournal;
import xyz.openledger.actors.member.Member;
import xyz.openledger.pools.governance.Difference;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.GovernanceSimulation;
import xyz.openledger.protocol.json.Json;

/** Replays the jobs in this member's journal under rules that are not in force. */
record Rehearsal(Member member) {
  private static final int JOBS_MAX = 1_000;
  private static final int CHANGES_MAX = 200;
  private static final long EVENTS_MAX = 1_000_000;

  /** What would have been different; changes nothing. */
  CompletionStage<GovernanceSimulation> under(JsonNode document) {
    GovernedRules rules = GovernedRules.read(Json.write(document));
    return PersistenceQuery.get(member.system())
        .getReadJournalFor(LmdbReadJournal.class, LmdbReadJournal.IDENTIFIER)
        .currentEventsByTag(JobPartition.TAG, Offset.noOffset())
        .take(EVENTS_MAX)
        .map(envelope -> envelope.event())
        .collectType(JobEvent.Submitted.class)
        .runWith(
            Sink.fold(
                (Deque<JobEvent.Submitted>) new ArrayDeque<JobEvent.Submitted>(), Rehearsal::kept),
            member.system())
        .thenApply(jobs -> compare(rules, jobs));
  }

  private static Deque<JobEvent.Submitted> kept(
      Deque<JobEvent.Submitted> latest, JobEvent.Submitted next) {
    latest.addFirst(next);
    if (latest.size() > JOBS_MAX) {
      latest.removeLast();
    }
    return latest;
  }

  private GovernanceSimulation compare(GovernedRules rules, Deque<JobEvent.Submitted> jobs) {
    int refused = 0;
    int changed = 0;
    var changes = new ArrayList<GovernanceSimulation.Change>();
    for (JobEvent.Submitted job : jobs) {
      Governed said = job.governed();
      var difference =
          Difference.of(rules, job.spec(), said == null ? Governed.FREELY : said, regions(job));
      refused += difference.refused() ? 1 : 0;
      changed += difference.refused() || difference.isNone() ? 0 : 1;
      if (!difference.isNone() && changes.size() < CHANGES_MAX) {
        changes.add(
            new GovernanceSimulation.Change(
                job.job(), job.spec().name(), difference.refused(), difference.why()));
      }
    }
    return new GovernanceSimulation(
        rules.epoch(), rules.hash(), jobs.size(), refused, changed, List.copyOf(changes));
  }

  /** Where it ran, by its receipt; nowhere yet if there is none. */
  private Set<String> regions(JobEvent.Submitted job) {
    return member
        .views()
        .jobs()
        .receipt(job.job())
        .map(bytes -> Json.read(bytes, Receipt.class).tasks())
        .orElse(List.of())
        .stream()
        .flatMap(task -> task.replicas().stream())
        .map(Receipt.ReplicaReceipt::region)
        .collect(Collectors.toSet());
  }
}

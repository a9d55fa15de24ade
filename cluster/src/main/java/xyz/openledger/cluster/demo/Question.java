package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.api.DryRun;
import xyz.openledger.protocol.client.OpenLedgerClient;

/** What a requester asks before anything is spent: who, for how much, and what to change. */
final class Question {
  private final OpenLedgerClient client;
  private final Story story;

  Question(OpenLedgerClient client, Story story) {
    this.client = client;
    this.story = story;
  }

  /** Asks about {@code spec} as it is, and then where no node could be. */
  void ask(JobSpec spec) throws IOException {
    story.chapter("A question first: who could run it, and for how much? (job submit --dry-run)");
    var before = client.accounts().show(MemberProcess.DEVELOPMENT_TENANT);
    DryRun answer = client.jobs().dryRun(spec);
    DryRun.Quote quote = answer.quote();
    story.line(
        "most-reliable: %d of %d nodes of %s are eligible, of %d owners (%d must agree)",
        answer.eligible(),
        answer.total(),
        answer.poolName(),
        answer.owners(),
        answer.ownersNeeded());
    if (quote != null) {
      story.line(
          "quote, if it burned all its fuel: %s OPEN (p50), %s (p95); %s would be held",
          Jobs.open(quote.costP50NanoOpen()),
          Jobs.open(quote.costP95NanoOpen()),
          Jobs.open(quote.escrowNanoOpen()));
    }
    DryRun nowhere = client.jobs().dryRun(in(spec, "antarctica"));
    story.line(
        "the same in antarctica alone: %d eligible; %s",
        nowhere.eligible(),
        nowhere.clauses().stream()
            .map(clause -> "%d removed by %s".formatted(clause.first(), clause.clause()))
            .collect(Collectors.joining(", ")));
    DryRun.Relaxation change = nowhere.relaxation();
    boolean unblocked = false;
    if (change != null) {
      story.line("the smallest change that would do: %s", words(change));
      unblocked = client.jobs().dryRun(under(spec, change.policy())).feasible();
    }
    var after = client.accounts().show(MemberProcess.DEVELOPMENT_TENANT);
    story.check(
        "question-answered",
        answer.feasible() && quote != null && !nowhere.feasible() && unblocked,
        "the first is feasible, the second is not, and with that change it would be");
    story.check(
        "question-free",
        before.availableNanoOpen() == after.availableNanoOpen() && after.heldNanoOpen() == 0,
        "asking held nothing and cost nothing");
  }

  private static String words(DryRun.Relaxation change) {
    return change.changes().stream()
        .map(each -> "%s from %s to %s".formatted(each.field(), each.from(), each.to()))
        .collect(Collectors.joining(", "));
  }

  private static JobSpec in(JobSpec spec, String region) {
    Policy policy = spec.policy();
    Policy.Limits limits = policy.limits();
    return under(
        spec,
        new Policy(
            policy.objective(),
            limits.within(List.of(region), limits.reputationMin()),
            policy.verification(),
            policy.capacity(),
            policy.require(),
            policy.prefer(),
            policy.selector(),
            policy.shift(),
            policy.spread()));
  }

  private static JobSpec under(JobSpec spec, Policy policy) {
    return new JobSpec(
        spec.name(), spec.labels(), spec.workload(), spec.tasks(), policy, spec.scheduling());
  }
}

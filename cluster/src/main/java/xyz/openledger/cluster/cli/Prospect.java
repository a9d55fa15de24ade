package xyz.openledger.cluster.cli;

import java.time.Duration;
import xyz.openledger.protocol.api.DryRun;

/** What would become of a job, in words. */
final class Prospect {
  private Prospect() {}

  /** Prints it; answers {@link ExitCode#REFUSED} if the job could not run. */
  static int print(Member member, DryRun run) {
    member.print(run, () -> text(run));
    return run.feasible() ? ExitCode.OK : ExitCode.REFUSED;
  }

  static String text(DryRun run) {
    var text = new StringBuilder();
    text.append(run.feasible() ? "feasible: " : "not feasible: ").append(nodes(run)).append('\n');
    text.append(clauses(run));
    if (run.relaxation() != null) {
      text.append("the smallest change that would do:\n");
      run.relaxation()
          .changes()
          .forEach(change -> text.append("  ").append(Typed.change(change)).append('\n'));
    }
    DryRun.Quote quote = run.quote();
    if (quote != null) {
      text.append(
          "costs at most %s (p50) to %s (p95) for %s; %s is held\n"
              .formatted(
                  Money.text(quote.costP50NanoOpen()),
                  Money.text(quote.costP95NanoOpen()),
                  replicas(quote),
                  Money.text(quote.escrowNanoOpen())));
      text.append(
          "a task runs at most %s (p50) to %s (p95)\n"
              .formatted(duration(quote.runP50Millis()), duration(quote.runP95Millis())));
    }
    if (run.feasible()) {
      text.append("start: ").append(run.start().reason()).append('\n');
    }
    run.notes().forEach(note -> text.append("- ").append(note).append('\n'));
    return Text.printable(text.toString());
  }

  private static String nodes(DryRun run) {
    if (run.pool() == null) {
      return "there is no pool";
    }
    String looked =
        run.nodes() == run.total()
            ? Integer.toString(run.total())
            : "%d looked at, of %d".formatted(run.nodes(), run.total());
    return "%d of %s nodes of pool %s may run it, %d of them now; %s, %d must agree"
        .formatted(
            run.eligible(),
            looked,
            run.poolName().isEmpty() ? Text.shortId(run.pool().value()) : run.poolName(),
            run.eligibleNow(),
            run.owners() + (run.owners() == 1 ? " owner" : " owners"),
            run.ownersNeeded());
  }

  private static String replicas(DryRun.Quote quote) {
    Integer most = quote.replicasP95();
    return most == null
        ? quote.replicas() + (quote.replicas() == 1 ? " replica" : " replicas")
        : "%d to %d replicas".formatted(quote.replicas(), most);
  }

  private static String clauses(DryRun run) {
    if (run.clauses().isEmpty()) {
      return "";
    }
    var table = Table.of("CLAUSE", "REMOVES", "ALONE", "CONDITION");
    for (DryRun.Effect effect : run.clauses()) {
      table.row(
          effect.clause(),
          effect.first(),
          effect.alone(),
          effect.words().isEmpty() ? "" : effect.words());
    }
    return table.text();
  }

  private static String duration(long millis) {
    return Text.duration(Duration.ofMillis(millis));
  }
}

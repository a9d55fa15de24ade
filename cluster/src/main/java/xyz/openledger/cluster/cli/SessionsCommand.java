package xyz.openledger.cluster.cli;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.protocol.api.SpendingSession;

@Command(
    name = "sessions",
    description = "Lists the session keys that pay for API keys, as the member collects from them.",
    footer = "%nExample: openledger account sessions --tenant demo")
final class SessionsCommand implements Callable<Integer> {
  @Mixin Member member;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "whose account (or OPENLEDGER_TENANT)")
  @Nullable String tenant;

  SessionsCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    List<SpendingSession> sessions = member.client().accounts().sessions(member.tenant(tenant));
    member.print(sessions, () -> text(sessions));
    return ExitCode.OK;
  }

  private static String text(List<SpendingSession> sessions) {
    if (sessions.isEmpty()) {
      return "No API key pays by vouchers: openledger account authorise --help\n";
    }
    var table =
        Table.of("API KEY", "SESSION KEY", "STATE", "CAP", "OWED", "PROMISED", "ON CHAIN", "UNTIL");
    for (SpendingSession session : sessions) {
      boolean awaiting = session.state() == SpendingSession.State.AWAITING;
      table.row(
          session.apiKey(),
          session.key().value().substring(0, 10) + "…",
          awaiting ? "awaiting its authorisation" : session.state().name().toLowerCase(Locale.ROOT),
          awaiting ? "" : Money.text(session.capNanoOpen()),
          Money.text(session.owedNanoOpen()),
          Money.text(
              session.pools().stream().mapToLong(SpendingSession.PoolTab::promisedNanoOpen).sum()),
          Money.text(
              session.pools().stream().mapToLong(SpendingSession.PoolTab::settledNanoOpen).sum()),
          awaiting ? "" : Instant.ofEpochSecond(session.expiresAtSeconds()).toString());
    }
    return table.text();
  }
}

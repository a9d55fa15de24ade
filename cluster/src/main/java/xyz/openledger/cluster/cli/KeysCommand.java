package xyz.openledger.cluster.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.ApiKeyRequest;
import xyz.openledger.protocol.api.ApiKeyView;
import xyz.openledger.protocol.api.IssuedKey;
import xyz.openledger.protocol.api.KeyLimits;

@Command(
    name = "keys",
    description = "Lists an account's API keys; issues and revokes them.",
    footer = "%nExample: openledger account keys")
final class KeysCommand implements Callable<Integer> {
  @Mixin Member member;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "whose account (or OPENLEDGER_TENANT)")
  @Nullable String tenant;

  KeysCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    List<ApiKeyView> keys = member.client().accounts().apiKeys(member.tenant(tenant));
    member.print(keys, () -> text(keys));
    return ExitCode.OK;
  }

  @Command(
      name = "issue",
      description = "Issues an API key with scopes and limits; its token is shown once.",
      footer = {
        "",
        "A key has no scope that the token in use has not got. Under a spend cap single jobs and"
            + " questions can be submitted,",
        "each counted at its price limit until it is over; trainings, batches and reservations"
            + " cannot.",
        "",
        "Example: openledger account keys issue laptop --scope jobs:read --scope jobs:write"
            + " --spend-cap 5"
      })
  int issue(
      @Mixin Member asked,
      @Parameters(paramLabel = "NAME", description = "letters, digits, dots and dashes")
          String name,
      @Option(
              names = "--scope",
              required = true,
              paramLabel = "SCOPE",
              description = "such as jobs:read; may be given several times")
          List<String> scopes,
      @Option(
              names = "--spend-cap",
              paramLabel = "AMOUNT",
              converter = Money.Converter.class,
              description = "what its jobs may cost in all, in OPEN")
          @Nullable Money cap,
      @Option(
              names = "--per-minute",
              paramLabel = "N",
              description = "how often it may call each member in a minute")
          @Nullable Integer perMinute,
      @Option(
              names = "--expires",
              paramLabel = "DURATION",
              description = "from now, as 7d or P7D; more than a day")
          @Nullable String expires,
      @Option(
              names = "--tenant",
              paramLabel = "NAME",
              description = "whose account (or OPENLEDGER_TENANT)")
          @Nullable String of) {
    Duration life = expires == null ? null : AuthoriseCommand.duration(expires);
    var limits =
        new KeyLimits(
            cap == null ? null : cap.nanoOpen(),
            perMinute,
            life == null ? null : Instant.now().plus(life).toEpochMilli());
    IssuedKey issued =
        asked
            .client()
            .accounts()
            .issueKey(
                asked.tenant(of),
                new ApiKeyRequest(name, scopes, limits.equals(KeyLimits.NONE) ? null : limits));
    asked.shell().note("keep this token; nobody can show it again");
    asked.print(issued, () -> issued.token() + "\n");
    return ExitCode.OK;
  }

  @Command(
      name = "revoke",
      description = "Makes an API key invalid: here at once, at other members within a second.",
      footer = "%nExample: openledger account keys revoke laptop")
  int revoke(
      @Mixin Member asked,
      @Parameters(paramLabel = "NAME", description = "of the key") String name,
      @Option(
              names = "--tenant",
              paramLabel = "NAME",
              description = "whose account (or OPENLEDGER_TENANT)")
          @Nullable String of) {
    TenantId owner = asked.tenant(of);
    var accounts = asked.client().accounts();
    if (accounts.apiKeys(owner).stream().noneMatch(key -> key.name().equals(name))) {
      throw CommandFailure.usage("there is no key " + name, "NAME", "openledger account keys");
    }
    List<ApiKeyView> left = accounts.revokeKey(owner, name);
    asked.print(left, () -> text(left));
    return ExitCode.OK;
  }

  private static String text(List<ApiKeyView> keys) {
    var table = Table.of("KEY", "SCOPES", "SPEND CAP", "SPENT", "RUNNING", "PER MINUTE", "UNTIL");
    for (ApiKeyView key : keys) {
      KeyLimits limits = key.limits() == null ? KeyLimits.NONE : key.limits();
      Long cap = limits.spendCapNanoOpen();
      Integer perMinute = limits.requestsPerMinuteMax();
      Long end = limits.expiresAtMillis();
      table.row(
          key.name(),
          String.join(" ", key.scopes()),
          cap == null ? "-" : Money.text(cap),
          cap == null ? "-" : Money.text(key.spentNanoOpen()),
          cap == null ? "-" : Money.text(key.runningNanoOpen()),
          perMinute == null ? "-" : perMinute,
          end == null ? "-" : Instant.ofEpochMilli(end));
    }
    return table.text();
  }
}

package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.api.SessionRequest;
import xyz.openledger.protocol.voucher.SessionKey;

@Command(
    name = "authorise",
    description = "Lets a session key spend a part of a deposit by vouchers, until it expires.",
    footer = {
      "",
      "The key is made on this machine, in a file of mode 0600, and serves once. Its cap is locked"
          + " in the escrow;",
      "what it did not spend is free again after it expired. See docs/money.md.",
      "",
      "With --kept-by-member all that is submitted with the token in use is paid by vouchers, which"
          + " the member signs",
      "and collects; beyond the cap it refuses. openledger account sessions tells how that stands.",
      "",
      "Example: openledger account authorise --cap 25 --expires 7d --key"
          + " .openledger/keys/requester.pem"
    })
final class AuthoriseCommand implements Callable<Integer> {
  private static final Pattern SHORT = Pattern.compile("[0-9]{1,5}[dDhH]");
  private static final Duration LEAST = Duration.ofDays(1);
  private static final Duration MOST = Duration.ofDays(366);

  @Mixin Member member;

  @Option(
      names = "--cap",
      required = true,
      paramLabel = "AMOUNT",
      converter = Money.Converter.class,
      description = "the most that the key may spend, in OPEN")
  Money cap = new Money(0);

  @Option(
      names = "--expires",
      required = true,
      paramLabel = "DURATION",
      description = "from now, as 7d or P7D; more than a day, since there must be time to settle")
  String expires = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "PKCS#8 PEM file of the secp256k1 key that made the deposit")
  Path key = Path.of("");

  @Mixin SessionFileChoice sessionFile = new SessionFileChoice();

  @Option(
      names = "--kept-by-member",
      description = "the member makes the session key, keeps it, and signs for the token in use")
  boolean keptByMember;

  @Mixin AccountChoice account = new AccountChoice();

  AuthoriseCommand(Shell shell) {
    this.member = new Member(shell);
  }

  /** What programs read. */
  record Authorised(SessionKey terms, @Nullable String sessionFile, String transaction) {}

  @Override
  public Integer call() throws IOException {
    if (cap.nanoOpen() == 0) {
      throw CommandFailure.usage("an amount above 0 is needed", "--cap", "");
    }
    Instant end = Instant.now().plus(duration(expires));
    Path owner = member.shell().resolve(key);
    if (!Files.isRegularFile(owner)) {
      throw CommandFailure.usage("there is no file " + owner, "--key", "");
    }
    DepositTerms terms = account.terms(member);
    if (keptByMember && sessionFile.session != null) {
      throw CommandFailure.usage("a key that the member keeps has no file here", "--session", "");
    }
    SessionFile file = keptByMember ? null : sessionFile.file(member, terms.tenant());
    Address sessionKey =
        file == null
            ? member.client().accounts().openSession(terms.tenant(), new SessionRequest(null)).key()
            : file.open().address();
    Authorised done =
        Vouchers.authorise(
            account.chain(member),
            owner,
            sessionKey,
            file,
            terms,
            cap.nanoOpen(),
            end.getEpochSecond());
    member.print(
        done,
        () ->
            Table.fields(
                List.of(
                    field("session key", done.terms().key()),
                    field("of", done.terms().depositor() + ", for " + terms.tenant()),
                    field("may spend", cap),
                    field("until", end),
                    field("kept", file == null ? "by the member" : "in " + file.path()),
                    field("transaction", done.transaction()))));
    return ExitCode.OK;
  }

  /** {@code 7d}, {@code 36h} or the form of ISO 8601. */
  static Duration duration(String text) {
    Duration duration;
    try {
      String upper = text.toUpperCase(Locale.ROOT);
      duration =
          !SHORT.matcher(text).matches()
              ? Duration.parse(text)
              : Duration.parse(upper.endsWith("D") ? "P" + upper : "PT" + upper);
    } catch (DateTimeParseException malformed) {
      throw CommandFailure.usage(
          "'%s' is no duration; write it as 7d or P7D".formatted(text), "--expires", "");
    }
    if (duration.compareTo(LEAST) <= 0 || duration.compareTo(MOST) > 0) {
      throw CommandFailure.usage(
          "a key lasts more than a day and at most %d; %s is not that"
              .formatted(MOST.toDays(), text),
          "--expires",
          "");
    }
    return duration;
  }
}

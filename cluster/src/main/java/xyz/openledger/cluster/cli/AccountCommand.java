package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.api.Account;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.api.Withdrawal;
import xyz.openledger.protocol.api.WithdrawalRequest;

@Command(
    name = "account",
    description = "Shows and moves what a requester has.",
    subcommands = {
      DepositCommand.class,
      AuthoriseCommand.class,
      VouchersCommand.class,
      SessionsCommand.class,
      KeysCommand.class
    },
    footer = "%nExample: openledger account show")
final class AccountCommand {

  @Command(
      name = "show",
      description = "Shows what is available, held for jobs, and on its way out.",
      footer = "%nExample: openledger account show --tenant demo")
  int show(
      @Mixin Member member,
      @Option(
              names = "--tenant",
              paramLabel = "NAME",
              description = "whose account (or OPENLEDGER_TENANT)")
          @Nullable String tenant) {
    Account account = member.client().accounts().show(member.tenant(tenant));
    member.print(
        account,
        () ->
            Table.fields(
                List.of(
                    field("account", account.tenant()),
                    field("available", Money.text(account.availableNanoOpen())),
                    field("held", Money.text(account.heldNanoOpen())),
                    field("withdrawing", Money.text(account.withdrawingNanoOpen())))));
    return ExitCode.OK;
  }

  @Command(
      name = "withdraw",
      description = "Sends what is available back to an address that deposited it.",
      footer =
          "%nExample: openledger account withdraw 12.5 --to"
              + " 0x70997970C51812dc3A010C7d01b50e0d17dc79C8")
  int withdraw(
      @Mixin Member member,
      @Parameters(paramLabel = "AMOUNT", converter = Money.Converter.class, description = "in OPEN")
          Money amount,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "ADDRESS",
              description = "an address that deposited")
          String to,
      @Option(
              names = "--tenant",
              paramLabel = "NAME",
              description = "whose account (or OPENLEDGER_TENANT)")
          @Nullable String tenant,
      @Option(
              names = "--idempotency-key",
              paramLabel = "KEY",
              description = "a repeat under the same key withdraws nothing twice")
          @Nullable String key) {
    Withdrawal withdrawal =
        member
            .client()
            .accounts()
            .withdraw(
                member.tenant(tenant),
                new WithdrawalRequest(amount.nanoOpen(), Address.parse(to)),
                key == null ? UUID.randomUUID().toString() : key);
    member.print(
        withdrawal,
        () ->
            Table.fields(
                List.of(
                    field("withdrawal", withdrawal.id()),
                    field("amount", Money.text(withdrawal.amountNanoOpen())),
                    field("to", withdrawal.to()),
                    field(
                        "transaction",
                        withdrawal.transaction() == null
                            ? "not sent yet"
                            : withdrawal.transaction()))));
    return ExitCode.OK;
  }

  @Command(
      name = "revoke",
      description = "Ends a session key a day from now: what it signed can be settled until then.",
      footer = {
        "",
        "For a key that was stolen, or is needed no more; the key that made the deposit sends it.",
        "",
        "Example: openledger account revoke --key .openledger/keys/requester.pem"
      })
  int revoke(@Mixin Member member, @Mixin SessionChoice choice) throws IOException {
    return end(member, choice, SessionEnding::revoke);
  }

  @Command(
      name = "release",
      description = "Frees what an expired session key left unspent, in the escrow of its account.",
      footer = {
        "",
        "Anybody may send it.",
        "",
        "Example: openledger account release --key anybody.pem"
      })
  int release(@Mixin Member member, @Mixin SessionChoice choice) throws IOException {
    return end(member, choice, SessionEnding::release);
  }

  /** What is done to a session key. */
  @FunctionalInterface
  private interface Ending {
    SessionEnding.Ended end(URI rpc, DepositTerms at, Path sender, Address key) throws IOException;
  }

  private static int end(Member member, SessionChoice choice, Ending ending) throws IOException {
    DepositTerms terms = choice.account.terms(member);
    SessionEnding.Ended ended =
        ending.end(
            choice.account.chain(member),
            terms,
            choice.sender(member),
            choice.sessionKey(member, terms.tenant()));
    member.print(ended, ended::text);
    return ExitCode.OK;
  }
}

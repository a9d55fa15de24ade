package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import xyz.openledger.protocol.api.DepositTerms;

@Command(
    name = "revoke",
    description = "Ends a session key a day from now: what it signed can be settled until then.",
    footer = {
      "",
      "For a key that was stolen, or is needed no more; the key that made the deposit sends it.",
      "",
      "Example: openledger account revoke --key .openledger/keys/requester.pem"
    })
final class RevokeCommand implements Callable<Integer> {
  @Mixin Member member;

  @Mixin SessionChoice choice;

  RevokeCommand(Shell shell) {
    this.member = new Member(shell);
    this.choice = new SessionChoice();
  }

  @Override
  public Integer call() throws IOException {
    DepositTerms terms = member.client().accounts().depositTerms(member.tenant(choice.tenant));
    SessionEnding.Ended ended =
        SessionEnding.revoke(
            Vouchers.chain(member, choice.rpc),
            terms,
            choice.sender(member),
            choice.sessionKey(member, terms.tenant()));
    member.print(ended, ended::text);
    return ExitCode.OK;
  }
}

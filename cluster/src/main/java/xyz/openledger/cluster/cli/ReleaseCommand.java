package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import xyz.openledger.protocol.api.DepositTerms;

@Command(
    name = "release",
    description = "Frees what an expired session key left unspent, in the escrow of its account.",
    footer = {
      "",
      "Anybody may send it.",
      "",
      "Example: openledger account release --key anybody.pem"
    })
final class ReleaseCommand implements Callable<Integer> {
  @Mixin Member member;

  @Mixin SessionChoice choice;

  ReleaseCommand(Shell shell) {
    this.member = new Member(shell);
    this.choice = new SessionChoice();
  }

  @Override
  public Integer call() throws IOException {
    DepositTerms terms = member.client().accounts().depositTerms(member.tenant(choice.tenant));
    SessionEnding.Ended ended =
        SessionEnding.release(
            Vouchers.chain(member, choice.rpc),
            terms,
            choice.sender(member),
            choice.sessionKey(member, terms.tenant()));
    member.print(ended, ended::text);
    return ExitCode.OK;
  }
}

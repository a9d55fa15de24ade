package xyz.openledger.cluster.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.configuration.MemberFile;
import xyz.openledger.protocol.api.DepositTerms;

/** Whose account is meant, and on which chain it is. */
final class AccountChoice {
  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "whose account (or OPENLEDGER_TENANT)")
  @Nullable String tenant;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description = "the chain (default: that of the running member)")
  @Nullable URI rpc;

  /** Where the account is on the chain, by what the member says. */
  DepositTerms terms(Member member) {
    return member.client().accounts().depositTerms(member.tenant(tenant));
  }

  URI chain(Member member) {
    return rpc != null
        ? rpc
        : member
            .memberFile()
            .map(MemberFile::rpcUrl)
            .orElseThrow(() -> CommandFailure.usage("which chain is not known here", "--rpc", ""));
  }
}

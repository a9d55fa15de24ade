package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.client.OpenLedgerClient;

@Command(
    name = "deposit",
    description = "Puts OPEN into an account, or says which calls of a wallet do.",
    footer = {
      "",
      "With --key it signs approve and deposit by itself: meant for development networks. Without,"
          + " it prints",
      "the two calls for the wallet of your choice.",
      "",
      "Example: openledger account deposit 25 --tenant demo --key .openledger/keys/requester.pem"
    })
final class DepositCommand implements Callable<Integer> {
  @Mixin Member member;

  @Parameters(paramLabel = "AMOUNT", converter = Money.Converter.class, description = "in OPEN")
  Money amount = new Money(0);

  @Mixin AccountChoice account = new AccountChoice();

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "PKCS#8 PEM file of a secp256k1 key that holds OPEN")
  @Nullable Path key;

  @Option(
      names = "--coin",
      description = "with --key: the chain's own coin, where that is OPEN, instead of the token")
  boolean inCoin;

  DepositCommand(Shell shell) {
    this.member = new Member(shell);
  }

  /** What programs read: how to deposit, and the transaction if it was sent from here. */
  record Deposit(DepositTerms terms, String amountWei, @Nullable String transaction) {}

  @Override
  public Integer call() throws IOException {
    if (amount.nanoOpen() == 0) {
      throw CommandFailure.usage("an amount above 0 is needed", "AMOUNT", "");
    }
    if (inCoin && key == null) {
      throw CommandFailure.usage("coin is sent by a key", "--coin", "add --key FILE");
    }
    OpenLedgerClient client = member.client();
    DepositTerms terms = account.terms(member);
    String transaction = key == null ? null : send(client, terms, member.shell().resolve(key));
    var deposit = new Deposit(terms, wei(), transaction);
    member.print(deposit, () -> transaction == null ? calls(terms) : sent(terms, transaction));
    return ExitCode.OK;
  }

  private String send(OpenLedgerClient client, DepositTerms terms, Path keyFile)
      throws IOException {
    if (!Files.isRegularFile(keyFile)) {
      throw CommandFailure.usage("there is no file " + keyFile, "--key", "");
    }
    var contracts = client.version().contracts();
    return DepositTransaction.send(
        account.chain(member),
        keyFile,
        terms,
        contracts == null ? Map.of() : contracts,
        amount.nanoOpen(),
        inCoin);
  }

  private String wei() {
    return java.math.BigInteger.valueOf(amount.nanoOpen())
        .multiply(java.math.BigInteger.valueOf(1_000_000_000))
        .toString();
  }

  private String calls(DepositTerms terms) {
    return """
    To deposit %s for %s on chain %d, make two calls with the wallet of your choice:

      1. to the token    %s
         approve(address,uint256)   %s  %s
      2. to the escrow   %s
         deposit(bytes32,uint256)   %s  %s

    It shows in the account when its block is final: openledger account show --tenant %s
    """
        .formatted(
            amount,
            terms.tenant(),
            terms.chainId(),
            terms.token(),
            terms.escrow(),
            wei(),
            terms.escrow(),
            terms.account(),
            wei(),
            terms.tenant());
  }

  private String sent(DepositTerms terms, String transaction) {
    return """
    deposited %s for %s, transaction %s
    It shows in the account when its block is final: openledger account show --tenant %s
    """
        .formatted(amount, terms.tenant(), transaction, terms.tenant());
  }
}

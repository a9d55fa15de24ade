package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.chainanchor.evm.EpochsOnChain;
import xyz.openledger.chainanchor.evm.RewardDistributorAbi.Refusal;
import xyz.openledger.chainanchor.evm.RpcException;

@Command(
    name = "reject",
    description = "Rejects a payout epoch that can be challenged, with the judge's key.",
    footer = {
      "",
      "Rebuild its root first: node docs/check/payouts.mjs. No member is asked.",
      "",
      "Example: openledger payout reject 7 --rpc http://127.0.0.1:7445 --contract"
          + " 0x00000000000000000000000000000000000000d1 --key judge.pem"
    })
final class PayoutRejectCommand implements Callable<Integer> {
  @Mixin Output output;

  @Parameters(paramLabel = "EPOCH", description = "its number")
  long epoch;

  @Option(names = "--rpc", required = true, paramLabel = "URL", description = "a node of the chain")
  URI rpc = URI.create("");

  @Option(
      names = "--contract",
      required = true,
      paramLabel = "ADDRESS",
      description = "the RewardDistributor contract")
  String contract = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "PKCS#8 PEM file of the judge's secp256k1 key, with coins for gas")
  Path key = Path.of("");

  PayoutRejectCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /** What programs read. */
  record Answer(long epoch, String transaction) {}

  @Override
  public Integer call() throws IOException {
    if (epoch < 1) {
      throw CommandFailure.usage("epochs count from 1, got " + epoch, "EPOCH", "");
    }
    var wallet = new KeyedChain(rpc).wallet(output.shell().resolve(key));
    var distributor = Objects.requireNonNull(ZkFiles.address(contract, "--contract"));
    try {
      var answer = new Answer(epoch, EpochsOnChain.reject(wallet, distributor, epoch));
      output.print(
          answer,
          () ->
              Table.fields(
                  List.of(
                      field("epoch", answer.epoch() + ", rejected: the one before it pays on"),
                      field("transaction", answer.transaction()),
                      field("next", "openledger payout reopen " + answer.epoch()))));
      return ExitCode.OK;
    } catch (RpcException refused) {
      throw CommandFailure.failed(words(String.valueOf(refused.getMessage())), "");
    } catch (IOException away) {
      throw ChainStart.unreachable(away);
    }
  }

  private String words(String message) {
    return Refusal.in(message)
        .map(
            refusal ->
                switch (refusal) {
                  case NOTHING_TO_REJECT ->
                      "epoch %d cannot be challenged: it pays already, or was not published"
                          .formatted(epoch);
                  case ACCESS_MANAGED_UNAUTHORIZED ->
                      "this key is not the judge's, whom votes appoint";
                  default -> "the distributor refuses: " + message;
                })
        .orElse("the distributor refuses: " + message);
  }
}

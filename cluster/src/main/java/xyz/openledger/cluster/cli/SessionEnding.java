package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.VoucherContract;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.api.DepositTerms;

/** How a session key is ended before its time, and what it left is had back. */
final class SessionEnding {
  private SessionEnding() {}

  /** How the key stands on the chain afterwards. */
  record Ended(
      Address key,
      long capNanoOpen,
      long spentNanoOpen,
      long endsAtSeconds,
      boolean released,
      String transaction) {

    private static Ended of(VoucherContract.Session session, String transaction) {
      var terms = session.terms();
      return new Ended(
          terms.key(),
          terms.capNanoOpen(),
          session.spentNanoOpen(),
          terms.expiresAtSeconds(),
          session.released(),
          transaction);
    }

    String text() {
      String left = Money.text(capNanoOpen - spentNanoOpen);
      return Table.fields(
          List.of(
              field("session key", key),
              field("spent", Money.text(spentNanoOpen) + " of " + Money.text(capNanoOpen)),
              field(released ? "ended" : "ends", Instant.ofEpochSecond(endsAtSeconds)),
              field(released ? "free again" : "free then", left),
              field("transaction", transaction),
              field(
                  "next",
                  released
                      ? "openledger account show"
                      : "openledger account release, after its end")));
    }
  }

  /** Ends a key a day from now; its depositor alone may. */
  static Ended revoke(URI rpc, DepositTerms at, Path sender, Address key) throws IOException {
    ChainClient chain = Vouchers.connect(rpc, at);
    var contract = new VoucherContract(chain, at.escrow());
    VoucherContract.Session session = known(contract, key);
    Wallet owner = Vouchers.wallet(chain, sender);
    Address depositor = session.terms().depositor();
    if (!owner.address().equals(depositor)) {
      throw CommandFailure.failed(
          "%s is of the deposit of %s, and --key is of %s"
              .formatted(key, depositor, owner.address()),
          "");
    }
    if (session.terms().expiresAtSeconds() <= chain.seconds(ChainClient.Tag.LATEST)) {
      throw CommandFailure.failed(
          "the key %s has ended already".formatted(key), "openledger account release --help");
    }
    String transaction = contract.revoke(owner, key);
    return Ended.of(known(contract, key), transaction);
  }

  /** Frees what a key that has ended left; anybody may. */
  static Ended release(URI rpc, DepositTerms at, Path sender, Address key) throws IOException {
    ChainClient chain = Vouchers.connect(rpc, at);
    var contract = new VoucherContract(chain, at.escrow());
    VoucherContract.Session session = known(contract, key);
    long endsAtSeconds = session.terms().expiresAtSeconds();
    if (chain.seconds(ChainClient.Tag.LATEST) < endsAtSeconds) {
      throw CommandFailure.failed(
          "the key %s may spend until %s".formatted(key, Instant.ofEpochSecond(endsAtSeconds)),
          "openledger account revoke --help");
    }
    if (session.released()) {
      throw CommandFailure.failed("what the key %s left is free already".formatted(key), "");
    }
    String transaction = contract.release(Vouchers.wallet(chain, sender), key);
    return Ended.of(known(contract, key), transaction);
  }

  private static VoucherContract.Session known(VoucherContract contract, Address key)
      throws IOException {
    return contract
        .session(key)
        .orElseThrow(() -> CommandFailure.failed("the chain knows no session key " + key, ""));
  }
}

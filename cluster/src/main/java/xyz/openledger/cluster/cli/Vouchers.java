package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.JsonRpc;
import xyz.openledger.chainanchor.evm.TransactionKey;
import xyz.openledger.chainanchor.evm.VoucherContract;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.chainanchor.vouchers.Tab;
import xyz.openledger.chainanchor.vouchers.VoucherRules;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.keys.KeyFile;
import xyz.openledger.protocol.voucher.EscrowDomain;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

/** What the verbs of vouchers do on the chain; apart, so that no other loads its libraries. */
final class Vouchers {
  /** So many go into one transaction. */
  private static final int BATCH_MAX = 20;

  private Vouchers() {}

  static AuthoriseCommand.Authorised authorise(
      URI rpc,
      Path ownerKey,
      Address key,
      @Nullable SessionFile file,
      DepositTerms at,
      long capNanoOpen,
      long expiresAtSeconds)
      throws IOException {
    var chain = connect(rpc, at);
    var contract = new VoucherContract(chain, at.escrow());
    var owner = wallet(chain, ownerKey);
    var terms =
        new SessionKey(at.tenant().account(), owner.address(), key, capNanoOpen, expiresAtSeconds);
    if (contract.session(terms.key()).isPresent()) {
      throw CommandFailure.failed(
          "the key " + key + " was authorised before, and a key serves once",
          "name a new file by --session, or move that one away");
    }
    long available = contract.availableNanoOpen(terms.account(), terms.depositor());
    if (available < capNanoOpen) {
      throw CommandFailure.failed(
          "%s has %s in this account's escrow that is free, and the cap is %s"
              .formatted(terms.depositor(), Money.text(available), Money.text(capNanoOpen)),
          "openledger account deposit");
    }
    if (file != null) {
      file.write(new SessionFile.Signed(key, System.currentTimeMillis(), List.of()));
    }
    String transaction = contract.authorise(owner, terms);
    return new AuthoriseCommand.Authorised(
        terms, file == null ? null : file.path().toString(), transaction);
  }

  /**
   * How a key stands with one pool.
   *
   * @param owedNanoOpen what its settled jobs came to
   */
  record Line(PoolId pool, long owedNanoOpen, long signedNanoOpen, long onChainNanoOpen) {}

  /** A key, as the chain knows it, and its pools. */
  record Overview(
      VoucherContract.Session session, List<Line> lines, @Nullable String transaction) {}

  /**
   * Looks at a session key, signs what is owed if that was asked, and brings it to the chain.
   *
   * @param owed by pool, what jobs came to since the key was made
   * @param signs whether promises are raised to what is owed
   * @param bringer whose key pays for bringing them to the chain; absent if they stay here
   */
  static Overview look(
      URI rpc,
      SessionFile file,
      DepositTerms at,
      Map<PoolId, Long> owed,
      boolean signs,
      @Nullable Path bringer)
      throws IOException {
    var chain = connect(rpc, at);
    var contract = new VoucherContract(chain, at.escrow());
    var key = file.open();
    VoucherContract.Session session =
        contract
            .session(key.address())
            .orElseThrow(
                () ->
                    CommandFailure.failed(
                        "the key in " + file.path() + " was not authorised",
                        "openledger account authorise --help"));
    var domain = new EscrowDomain(at.chainId(), at.escrow());
    var signed = file.signed();
    var tabs = new HashMap<PoolId, Tab>();
    owed.forEach((pool, nano) -> tabs.put(pool, new Tab(nano, null)));
    for (SignedVoucher voucher : signed.vouchers()) {
      PoolId pool = voucher.voucher().pool();
      tabs.put(pool, new Tab(owed.getOrDefault(pool, 0L), voucher));
    }
    if (signs) {
      sign(session, domain, file, signed, tabs);
    }
    Map<PoolId, Long> settled = new HashMap<>();
    for (PoolId pool : tabs.keySet()) {
      settled.put(pool, contract.spentNanoOpen(key.address(), pool));
    }
    String transaction = null;
    if (bringer != null) {
      List<SignedVoucher> worth =
          VoucherRules.worthSettling(tabs.values(), Map.of(key.address(), settled), BATCH_MAX);
      if (!worth.isEmpty()) {
        transaction = contract.settle(wallet(chain, bringer), worth);
        worth.forEach(one -> settled.put(one.voucher().pool(), one.voucher().cumulativeNanoOpen()));
        session = contract.session(key.address()).orElseThrow();
      }
    }
    var lines = new ArrayList<Line>();
    tabs.forEach(
        (pool, tab) ->
            lines.add(
                new Line(
                    pool,
                    tab.owedNanoOpen(),
                    tab.promisedNanoOpen(),
                    settled.getOrDefault(pool, 0L))));
    return new Overview(session, lines, transaction);
  }

  private static void sign(
      VoucherContract.Session session,
      EscrowDomain domain,
      SessionFile file,
      SessionFile.Signed before,
      Map<PoolId, Tab> tabs)
      throws IOException {
    var key = file.open();
    var rules = new VoucherRules(domain, session.terms().capNanoOpen(), 0);
    for (var entry : tabs.entrySet()) {
      long next = VoucherRules.next(entry.getValue());
      if (next == 0) {
        continue;
      }
      var voucher = new Voucher(key.address(), entry.getKey(), next).sign(key, domain);
      long elsewhere =
          tabs.values().stream().mapToLong(Tab::promisedNanoOpen).sum()
              - entry.getValue().promisedNanoOpen();
      long now = System.currentTimeMillis() / 1_000;
      switch (rules.take(session.terms(), entry.getValue(), voucher, elsewhere, now)) {
        case VoucherRules.Ruling.Taken(Tab after) -> entry.setValue(after);
        case VoucherRules.Ruling.Refused(var reason, var detail) ->
            throw CommandFailure.failed(
                "no voucher for %s is signed: %s".formatted(entry.getKey(), detail),
                "openledger account authorise --session NEWFILE");
      }
    }
    file.write(
        new SessionFile.Signed(
            before.key(),
            before.sinceMillis(),
            tabs.values().stream()
                .flatMap(tab -> Optional.ofNullable(tab.last()).stream())
                .toList()));
  }

  static ChainClient connect(URI rpc, DepositTerms at) throws IOException {
    var chain = new ChainClient(new JsonRpc(rpc));
    if (chain.chainId() != at.chainId()) {
      throw CommandFailure.usage(
          "%s is chain %d, and the account is on chain %d"
              .formatted(rpc, chain.chainId(), at.chainId()),
          "--rpc",
          "");
    }
    return chain;
  }

  static Wallet wallet(ChainClient chain, Path key) throws IOException {
    return new Wallet(chain, new TransactionKey(KeyFile.secp256k1(key), chain.chainId()));
  }
}

package xyz.openledger.cluster.demo;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.SpendingSession;
import xyz.openledger.protocol.client.ClientException;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.keys.KeyFile;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.voucher.EscrowDomain;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

/**
 * A requester that keeps its session key itself: submits as much as it may, and promises what is
 * owed, until somebody kills it.
 */
final class VoucherRequester {
  private static final TenantId TENANT = MemberProcess.DEVELOPMENT_TENANT;
  private static final long PAUSE_MILLIS = 50;

  private VoucherRequester() {}

  /** Of a member's address, a token, the key's file, the chain's id, the escrow, a price limit. */
  public static void main(String... arguments) throws Exception {
    OpenLedgerClient client = OpenLedgerClient.connect(URI.create(arguments[0]), arguments[1]);
    Secp256k1Key key = KeyFile.secp256k1(Path.of(arguments[2]));
    var domain = new EscrowDomain(Long.parseLong(arguments[3]), Address.parse(arguments[4]));
    var examples = new Workloads(Demo.home().resolve("examples"), 600_000);
    JobSpec job = VanishingTest.job(examples, Long.parseLong(arguments[5]));
    while (true) {
      try {
        client.jobs().submit(job);
      } catch (ClientException refused) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
      promise(client, key, domain);
    }
  }

  private static void promise(OpenLedgerClient client, Secp256k1Key key, EscrowDomain domain) {
    for (SpendingSession session : client.accounts().sessions(TENANT)) {
      List<SignedVoucher> vouchers = new ArrayList<>();
      for (SpendingSession.PoolTab tab : session.pools()) {
        if (session.key().equals(key.address()) && tab.owedNanoOpen() > tab.promisedNanoOpen()) {
          vouchers.add(
              new Voucher(key.address(), tab.pool(), tab.owedNanoOpen()).sign(key, domain));
        }
      }
      if (!vouchers.isEmpty()) {
        client.accounts().giveVouchers(TENANT, vouchers);
      }
    }
  }
}

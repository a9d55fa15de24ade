package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.outbox.Attempt;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.Outbox;
import xyz.openledger.chainanchor.outbox.OutboxSettings;
import xyz.openledger.chainanchor.vouchers.VoucherBatches;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.voucher.EscrowDomain;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

/** Vouchers of four keys in one batch, of which one is spent elsewhere before it arrives. */
class VoucherSettlingTest {
  private static final TenantId TENANT = TenantId.parse("zoe");
  private static final PoolId HERE = PoolId.of("operator", "hearth");
  private static final PoolId ELSEWHERE = PoolId.of("operator", "mill");
  private static final long CAP = 100;
  private static final int BLOCKS_MAX = 40;

  @TempDir Path folder;

  @Test
  void aVoucherSpentElsewhereDelaysNoOther() throws Exception {
    try (var anvil = Anvil.start(folder)) {
      anvil.automine(true);
      var contract = new VoucherContract(anvil.client, anvil.contracts.escrow());
      var domain = new EscrowDomain(DevChain.CHAIN_ID, anvil.contracts.escrow());
      anvil.deployer.deposit(anvil.contracts, TENANT, 4 * CAP);
      var vouchers = new ArrayList<SignedVoucher>();
      var keys = new ArrayList<Secp256k1Key>();
      for (int i = 0; i < 4; i++) {
        Secp256k1Key key = Secp256k1Key.generate();
        keys.add(key);
        contract.authorise(anvil.deployer, terms(anvil, key));
        vouchers.add(new Voucher(key.address(), HERE, CAP).sign(key, domain));
      }
      var batches = new VoucherBatches(Intent.SettleVouchers.VOUCHERS_MAX);
      var outbox = new Outbox(OutboxSettings.DEFAULT);
      plan(outbox, batches, vouchers);
      Secp256k1Key spoiler = keys.get(2);
      contract.settle(
          anvil.deployer,
          List.of(new Voucher(spoiler.address(), ELSEWHERE, 1).sign(spoiler, domain)));
      anvil.automine(false);

      for (int block = 0; block < BLOCKS_MAX && !areSettled(contract, vouchers, 3); block++) {
        anvil.round(outbox);
        anvil.mine();
        for (String name : batches.open()) {
          if (outbox.finalRow(name).isPresent()) {
            batches.over(name);
          } else if (outbox.row(name).isEmpty()) {
            batches.refused(name);
            plan(outbox, batches, vouchers);
          }
        }
      }

      assertThat(areSettled(contract, vouchers, 3)).as("%s", outbox.rows()).isTrue();
      assertThat(contract.spentNanoOpen(spoiler.address(), HERE)).isZero();
    }
  }

  @Test
  void whoIsMinedBeforeWhatTheEstimateSawDoesNotRunOutOfGas() throws Exception {
    try (var anvil = Anvil.start(folder)) {
      anvil.automine(true);
      var contract = new VoucherContract(anvil.client, anvil.contracts.escrow());
      var domain = new EscrowDomain(DevChain.CHAIN_ID, anvil.contracts.escrow());
      anvil.deployer.deposit(anvil.contracts, TENANT, 2 * CAP);
      var vouchers = new ArrayList<SignedVoucher>();
      for (int i = 0; i < 2; i++) {
        Secp256k1Key key = Secp256k1Key.generate();
        contract.authorise(anvil.deployer, terms(anvil, key));
        vouchers.add(new Voucher(key.address(), HERE, CAP).sign(key, domain));
      }
      Secp256k1Key bringer = Secp256k1Key.generate();
      anvil.wallet(bringer);
      anvil.automine(false);

      // The first of all vouchers waits at a low price; both write the sum of what was spent.
      anvil.client.send(settledCheaply(anvil, vouchers.getFirst()).rawHex());
      var mining =
          new Wallet(anvil.client, new TransactionKey(bringer, DevChain.CHAIN_ID), anvil::mine);
      contract.settle(mining, vouchers.subList(1, 2));

      assertThat(areSettled(contract, vouchers, 2)).isTrue();
    }
  }

  private static Attempt settledCheaply(Anvil anvil, SignedVoucher voucher) throws Exception {
    return anvil
        .key()
        .sign(
            new TransactionKey.Transaction(
                anvil.client.nonce(anvil.deployer.address()),
                anvil.contracts.escrow().value(),
                VoucherContract.settleCall(List.of(voucher)).data(),
                200_000,
                anvil.client.baseFeeWei() + 1,
                1));
  }

  /** What is on its way is not brought again. */
  private static void plan(Outbox outbox, VoucherBatches batches, List<SignedVoucher> vouchers) {
    batches
        .of(1, vouchers)
        .forEach(
            (name, batch) ->
                outbox.plan(name, new Intent.SettleVouchers(batch)).forEach(outbox::apply));
  }

  private static boolean areSettled(
      VoucherContract contract, List<SignedVoucher> vouchers, int count) throws Exception {
    int settled = 0;
    for (SignedVoucher signed : vouchers) {
      settled += contract.spentNanoOpen(signed.voucher().key(), HERE) == CAP ? 1 : 0;
    }
    return settled == count;
  }

  private static SessionKey terms(Anvil anvil, Secp256k1Key key) throws Exception {
    long expires = anvil.client.seconds(ChainClient.Tag.LATEST) + 7 * 86_400;
    return new SessionKey(TENANT.account(), anvil.deployer.address(), key.address(), CAP, expires);
  }
}

package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.accounts.Account;
import xyz.openledger.chainanchor.accounts.Books;
import xyz.openledger.chainanchor.accounts.Charge;
import xyz.openledger.chainanchor.accounts.Decision;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.accounts.Origin;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.BlockRef;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.Observation;
import xyz.openledger.chainanchor.outbox.Outbox;
import xyz.openledger.chainanchor.outbox.OutboxEvent;
import xyz.openledger.chainanchor.outbox.OutboxRow;
import xyz.openledger.chainanchor.outbox.OutboxSettings;
import xyz.openledger.chainanchor.outbox.Reply;
import xyz.openledger.chainanchor.payouts.PayoutTree;
import xyz.openledger.chainanchor.receipts.Check;
import xyz.openledger.chainanchor.receipts.ReceiptFixture;
import xyz.openledger.chainanchor.receipts.ReceiptVerifier;
import xyz.openledger.chainanchor.receipts.TrustedStart;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * The outbox, the books and the verifier against the real contracts on a real EVM. Each test has a
 * chain of its own.
 */
class EvmTest {
  private static final OutboxSettings SETTINGS = OutboxSettings.DEFAULT;
  private static final TenantId ADA = TenantId.parse("ada");

  private static Anvil anvil;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    anvil = Anvil.start(folder);
  }

  @AfterAll
  static void stop() {
    anvil.close();
  }

  @Test
  void findsItsContractsAgain() throws IOException {
    assertThat(anvil.ensure()).isEqualTo(anvil.contracts);
  }

  @Test
  void anchorsALogAndVerifiesAReceiptOfItFromTheChainAlone() throws IOException {
    var contracts = anvil.contracts;
    var fixture = new ReceiptFixture(contracts.registry(), DevChain.CHAIN_ID);
    var outbox = new Outbox(SETTINGS);
    apply(outbox, outbox.plan("node", registration()));
    for (long size : new long[] {5, 7}) {
      apply(outbox, outbox.planAnchor(size, fixture.log.tree().root(size).hex()));
      anvil.run(outbox, () -> outbox.anchorProgress().finalSize() == size);
    }
    anvil.run(outbox, () -> outbox.rows().isEmpty());
    var cost = outbox.anchorCost();
    assertThat(cost.anchors()).isEqualTo(2);
    assertThat(cost.receipts()).isEqualTo(7);
    assertThat(cost.gas() / 2).isBetween(30_000L, 36_000L);
    assertThat(cost.feeWei()).isGreaterThan(BigInteger.valueOf(cost.gas()));
    assertThat(cost.l1FeeWei()).isZero();

    var chain =
        RpcWitness.connect(anvil.chain.uri(), contracts.anchorLog(), contracts.registry(), 0);
    var anchored = chain.checkpoint(7).orElseThrow();
    var bundle =
        fixture.bundle(
            anchored.transaction(), anchored.block(), contracts.anchorLog(), DevChain.CHAIN_ID);
    var start = new TrustedStart(Optional.of(ReceiptFixture.logKey()), Optional.of(chain));
    var verdict = ReceiptVerifier.verify(Json.write(bundle), start);

    assertThat(verdict.checks()).allMatch(check -> check.outcome() == Check.Outcome.PASSED);
    assertThat(verdict.checks()).hasSize(8);
    assertThat(chain.checkpoint(6)).isEmpty();
  }

  @Test
  void carriesADepositThroughWorkToAClaim() throws IOException {
    var contracts = anvil.contracts;
    var requester = Secp256k1Key.generate();
    var payee = Secp256k1Key.generate().address().value();
    anvil.automine(true);
    anvil.deployer.transfer(contracts, requester.address(), 1_000);
    anvil.wallet(requester).deposit(contracts, ADA, 1_000);
    anvil.automine(false);
    finish();
    var movements = new ChainMovements(anvil.client, contracts);
    movements.know(ADA);
    var books = new Books();

    var found = movements.read(contracts.fromBlock());
    found.commands().forEach(command -> grant(books, command));
    grant(books, new LedgerCommand.Hold("job-1", "ada", 600, new Origin("p", 1)));
    grant(
        books,
        new LedgerCommand.Settle(
            "job-1", List.of(new Charge("r0", "node-1", payee, 500)), List.of(), 1_000));
    String platform = anvil.deployer.address().value();
    var epoch =
        (LedgerEvent.PayoutEpochClosed) grant(books, new LedgerCommand.ClosePayoutEpoch(platform));
    publish(epoch, books);
    grant(books, new LedgerCommand.PublishPayoutEpoch(1, "0x00"));
    claim(books, payee);
    finish();
    movements.read(found.throughBlock() + 1).commands().forEach(command -> grant(books, command));

    assertThat(anvil.client.balance(contracts.token(), new Address(payee)))
        .isEqualTo(BigInteger.valueOf(450).multiply(Words.WEI_PER_NANO_OPEN));
    assertThat(books.payee(payee).claimedNanoOpen()).isEqualTo(450);
    assertThat(anvil.client.balance(contracts.token(), contracts.escrow()))
        .isEqualTo(Words.wei(-books.balance(Account.CHAIN_ESCROW)));
    assertThat(anvil.client.balance(contracts.token(), contracts.distributor()))
        .isEqualTo(Words.wei(-books.balance(Account.CHAIN_DISTRIBUTOR)));
    assertThat(books.audit()).isEmpty();
  }

  @Test
  void creditsWhatWasDepositedBeforeItsTenantWasKnown() throws IOException {
    var requester = Secp256k1Key.generate();
    var zoe = TenantId.parse("zoe");
    anvil.automine(true);
    anvil.deployer.transfer(anvil.contracts, requester.address(), 70);
    anvil.wallet(requester).deposit(anvil.contracts, zoe, 70);
    anvil.automine(false);
    finish();
    var movements = new ChainMovements(anvil.client, anvil.contracts);
    var before = movements.read(anvil.contracts.fromBlock());

    movements.know(zoe);
    anvil.mine();
    var after = movements.read(before.throughBlock() + 1);

    assertThat(before.commands())
        .noneMatch(
            each ->
                each instanceof LedgerCommand.Deposit deposit && deposit.tenant().equals("zoe"));
    assertThat(after.commands())
        .extracting(command -> ((LedgerCommand.Deposit) command).amountNanoOpen())
        .containsExactly(70L);
  }

  @Test
  void neverAnchorsOntoALogThatIsNotItsOwn(@TempDir Path own) throws IOException {
    try (var chain = Anvil.start(own)) {
      var somebody = new Outbox(SETTINGS);
      apply(somebody, somebody.planAnchor(5, root(5)));
      chain.run(somebody, () -> somebody.rows().isEmpty());
      var ours = new Outbox(SETTINGS);
      apply(ours, ours.planAnchor(9, root(9)));
      var hands = chain.hands(size -> Optional.of(Digest.parse("sha256:" + root(size + 1))));

      chain.run(hands, ours, () -> ours.rows().getFirst().state() == OutboxRow.State.CONFLICTED);

      assertThat(anchoredSize(chain)).isEqualTo(5);
    }
  }

  @Test
  void aLogThatIsNotReadAgainYetBelievesNothingAndDoubtsNothing(@TempDir Path own)
      throws IOException {
    try (var chain = Anvil.start(own)) {
      var outbox = new Outbox(SETTINGS);
      apply(outbox, outbox.planAnchor(5, root(5)));
      chain.run(outbox, () -> outbox.rows().isEmpty());
      var next =
          new Action.CheckEffect(
              BlockRef.NONE,
              "anchor-5",
              new Intent.Anchor(5, 9, root(9)),
              Action.Tag.LATEST,
              false);
      var early = chain.hands(size -> size <= 2 ? Optional.of(digest(size)) : Optional.empty());
      var whole = chain.hands(size -> size <= 9 ? Optional.of(digest(size)) : Optional.empty());

      assertThatThrownBy(() -> early.carryOut(next)).hasMessageContaining("not read up to 9 yet");

      assertThat(whole.carryOut(next))
          .isEqualTo(new Observation.Answered(next, new Reply.Effect.Absent(5)));
    }
  }

  @Test
  void aLongerLogThatIsNotOursIsNotBuiltOn(@TempDir Path own) throws IOException {
    try (var chain = Anvil.start(own)) {
      var somebody = new Outbox(SETTINGS);
      apply(somebody, somebody.planAnchor(50, root(50)));
      chain.run(somebody, () -> somebody.rows().isEmpty());
      var ours = new Outbox(SETTINGS);
      apply(ours, ours.planAnchor(9, root(9)));
      var hands = chain.hands(size -> size <= 9 ? Optional.of(digest(size)) : Optional.empty());

      chain.run(hands, ours, () -> ours.rows().getFirst().state() == OutboxRow.State.CONFLICTED);

      assertThat(anchoredSize(chain)).isEqualTo(50);
    }
  }

  @Test
  void aReorganisedAnchorLandsAgain(@TempDir Path own) throws IOException {
    try (var chain = Anvil.start(own)) {
      var outbox = new Outbox(SETTINGS);
      apply(outbox, outbox.planAnchor(5, root(5)));
      chain.run(outbox, () -> outbox.rows().stream().anyMatch(OutboxRow::isMined));

      chain.client.rpc().call("anvil_reorg", 2, List.of());
      chain.round(outbox);

      assertThat(chain.client.checkpoint(chain.contracts.anchorLog(), ChainClient.Tag.LATEST))
          .extracting(ChainClient.AnchoredCheckpoint::size)
          .isEqualTo(0L);
      chain.run(outbox, () -> outbox.rows().isEmpty());
      assertThat(chain.client.checkpoint(chain.contracts.anchorLog(), ChainClient.Tag.FINALIZED))
          .extracting(ChainClient.AnchoredCheckpoint::size)
          .isEqualTo(5L);
    }
  }

  @Test
  void aChainThatWasKilledAndLostFinalBlocksIsBroughtUpToDate(@TempDir Path own) throws Exception {
    try (var chain = Anvil.start(own)) {
      var outbox = new Outbox(SETTINGS);
      apply(outbox, outbox.planAnchor(5, root(5)));
      chain.run(outbox, () -> outbox.rows().isEmpty());
      chain.keepGeneration();
      apply(outbox, outbox.planAnchor(9, root(9)));
      chain.run(outbox, () -> outbox.rows().isEmpty());

      chain.kill();
      // Half a state file, as a kill in the middle of a dump leaves it.
      Files.writeString(own.resolve("chain/state.json"), "{\"block\":");
      chain.chain.restart();

      assertThat(chain.ensure()).isEqualTo(chain.contracts);
      assertThat(anchoredSize(chain)).isEqualTo(5);
      chain.run(outbox, () -> outbox.rows().isEmpty() && anchoredSize(chain) == 9);
    }
  }

  @Test
  void aChainThatLostEverythingGetsItsContractsAndTheWholeLogAgain(@TempDir Path own)
      throws Exception {
    try (var chain = Anvil.start(own)) {
      var outbox = new Outbox(SETTINGS);
      apply(outbox, outbox.planAnchor(5, root(5)));
      chain.run(outbox, () -> outbox.rows().isEmpty());

      chain.kill();
      Files.deleteIfExists(own.resolve("chain/state.json"));
      chain.chain.restart();
      try (var fresh = chain.again()) {
        fresh.run(outbox, () -> outbox.rows().isEmpty() && anchoredSize(fresh) == 5);
      }
    }
  }

  private static Digest digest(long size) {
    return Digest.parse("sha256:" + root(size));
  }

  private static String root(long size) {
    return "%064x".formatted(size);
  }

  private static long anchoredSize(Anvil chain) {
    try {
      return chain.client.checkpoint(chain.contracts.anchorLog(), ChainClient.Tag.LATEST).size();
    } catch (IOException away) {
      return -1;
    }
  }

  private static void publish(LedgerEvent.PayoutEpochClosed epoch, Books books) throws IOException {
    long total = books.cumulativePayouts().values().stream().mapToLong(nano -> nano).sum();
    var outbox = new Outbox(SETTINGS);
    apply(outbox, outbox.plan("fund-1", new Intent.Fund("fund-1", epoch.totalNanoOpen())));
    apply(
        outbox,
        outbox.plan(
            "epoch-1", new Intent.PublishRoot(0, epoch.epoch(), epoch.root().substring(2), total)));
    anvil.run(outbox, () -> outbox.rows().isEmpty());
  }

  private static void claim(Books books, String payee) throws IOException {
    var cumulative = books.cumulativePayouts();
    var tree = PayoutTree.of(cumulative);
    var account = new Address(payee);
    long earned = new TreeMap<>(cumulative).getOrDefault(payee, 0L);
    var proof = tree.proof(payee).stream().map(Digest::wrap).toList();
    anvil.automine(true);
    assertThat(anvil.deployer.claim(anvil.contracts, account, earned, proof)).isPresent();
    long sent = anvil.client.nonce(anvil.deployer.address());
    assertThat(anvil.deployer.claim(anvil.contracts, account, earned, proof))
        .as("it is paid: nobody burns gas for it again")
        .isEmpty();
    assertThat(anvil.client.nonce(anvil.deployer.address())).isEqualTo(sent);
    anvil.automine(false);
  }

  private static Intent registration() {
    return new Intent.RegisterNode(
        ReceiptFixture.NODE.value(),
        ReceiptFixture.RESULT_KEY.address().value(),
        ReceiptFixture.RESULT_KEY.address().value(),
        "00".repeat(32),
        PoolId.of("ada", "edge").value(),
        Anvil.STAKE_NANO_OPEN);
  }

  /** Until what was mined is final. */
  private static void finish() throws IOException {
    long wanted = anvil.client.head().number();
    for (int i = 0; i < 20 && anvil.client.head().finalNumber() < wanted; i++) {
      anvil.mine();
    }
  }

  private static LedgerEvent grant(Books books, LedgerCommand command) {
    var decision = books.decide(command);
    assertThat(decision).isInstanceOf(Decision.Accepted.class);
    decision.newEvents().forEach(books::apply);
    return decision.newEvents().getFirst();
  }

  private static void apply(Outbox outbox, List<OutboxEvent> events) {
    events.forEach(outbox::apply);
  }
}

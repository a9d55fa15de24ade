package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.accounts.ChainMoney;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.Attempt;
import xyz.openledger.chainanchor.outbox.BlockRef;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.Observation;
import xyz.openledger.chainanchor.outbox.Observation.HeadSeen;
import xyz.openledger.chainanchor.outbox.Outbox;
import xyz.openledger.chainanchor.outbox.OutboxEvent;
import xyz.openledger.chainanchor.outbox.OutboxRow;
import xyz.openledger.chainanchor.outbox.OutboxSettings;
import xyz.openledger.chainanchor.outbox.Reply;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

/**
 * What the product relies on in a chain and in whoever signs for it. Whatever passes this serves as
 * a ledger. It only sends what a member sends, so that it runs on any chain by JSON-RPC.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LedgerConformance {
  private static final OutboxSettings SETTINGS = OutboxSettings.DEFAULT;

  private ChainClient client;
  private TransactionKey key;
  private Contracts contracts;
  private OutboxHands hands;
  private Wallet wallet;

  /** Where the chain answers. */
  abstract JsonRpc rpc() throws IOException;

  /** Who signs: an account with coins for gas. */
  abstract TransactionKey signer(long chainId) throws IOException;

  /** Lets time pass on the chain. */
  abstract void pass() throws IOException;

  /** How long something may take to become final. */
  abstract Duration finality();

  /** Starts the chain, if it is ours to start. */
  void start(Path folder) throws IOException {}

  /** And ends it. */
  void stop() {}

  @BeforeAll
  void deploy(@TempDir Path folder) throws IOException {
    start(folder);
    client = new ChainClient(rpc());
    key = signer(client.chainId());
    wallet = new Wallet(client, key, this::pass);
    contracts =
        Deployment.ensure(
            client,
            wallet,
            folder.resolve("contracts.json"),
            "openledger.xyz/log/conformance",
            Anvil.STAKE_NANO_OPEN,
            Anvil.TERMS,
            Currency.TOKEN);
    hands = new OutboxHands(client, contracts, key);
  }

  @AfterAll
  void end() {
    stop();
  }

  @Test
  void theHeadIsLinkedAndWhatIsFinalIsSafeAndWhatIsSafeIsThere() throws IOException {
    HeadSeen head = client.head();

    assertThat(head.finalNumber()).isBetween(0L, head.safeNumber());
    assertThat(head.safeNumber()).isLessThanOrEqualTo(head.number());
    assertThat(client.block(head.number() - 1, head).orElseThrow().hash())
        .isEqualTo(head.parentHash());
    assertThat(client.block(head.number() + 1_000_000, head)).isEmpty();
  }

  @Test
  void anAnchorBecomesFinalOnceHoweverOftenItIsWanted() throws Exception {
    long from = client.checkpoint(contracts.anchorLog(), ChainClient.Tag.LATEST).size();
    var first = anchored(from, from + 7);
    var again = anchored(from, from + 7);

    assertThat(client.checkpoint(contracts.anchorLog(), ChainClient.Tag.FINALIZED))
        .isEqualTo(new ChainClient.AnchoredCheckpoint(from + 7, digest(from + 7)));
    assertThat(client.anchoredRoot(contracts.anchorLog(), from + 7)).hasValue(digest(from + 7));
    assertThat(first.anchorCost().anchors()).isEqualTo(1);
    assertThat(first.anchorCost().gas()).isPositive();
    assertThat(first.anchorCost().feeWei()).isPositive();
    assertThat(again.finalRows()).allMatch(row -> row.attempts().isEmpty());
  }

  @Test
  void anAnchorThatDoesNotFollowIsRefusedBeforeItCostsAnything() throws Exception {
    long size = anchored(0, 3).anchorProgress().finalSize();
    var stale = AnchorLogAbi.anchor(size + 1, size + 9, digest(9));

    assertThatThrownBy(
            () -> client.estimate(key.address(), contracts.anchorLog().value(), stale.data()))
        .isInstanceOf(RpcException.class);
  }

  @Test
  void ofTwoTransactionsWithOneNonceOneIsMinedAndTheOtherIsNotTakenAnyMore() throws Exception {
    long nonce = client.nonce(key.address());
    Attempt cheap = transfer(nonce, 1, 10);
    Attempt dear = transfer(nonce, 2, 20);

    client.send(cheap.rawHex());
    var _ = hands.carryOut(new Action.Send(BlockRef.NONE, "dear", dear.txHash(), dear.rawHex()));
    await(() -> client.nonce(key.address()) > nonce);

    var mined =
        Stream.of(cheap, dear).filter(each -> receipt(each) instanceof Reply.Receipt).toList();
    assertThat(mined).hasSize(1);
    assertThat(((Reply.Receipt) receipt(mined.getFirst())).succeeded()).isTrue();
    for (Attempt each : List.of(cheap, dear)) {
      var answer =
          hands.carryOut(new Action.Send(BlockRef.NONE, "again", each.txHash(), each.rawHex()));
      assertThat(((Observation.Answered) answer).reply())
          .isIn(Reply.Sending.NONCE_TOO_LOW, Reply.Sending.KNOWN);
    }
    assertThat(client.nonce(key.address())).isEqualTo(nonce + 1);
  }

  @Test
  void aDepositIsReadOnceItsBlockIsFinalAndOnlyOnce() throws Exception {
    var tenant = TenantId.parse("ada");
    var movements = new ChainMovements(client, contracts);
    movements.know(tenant);
    long from = client.head().number();

    wallet.deposit(contracts, tenant, 70);

    var found = movements.read(from);
    while (found.commands().isEmpty()) {
      pass();
      found = movements.read(from);
    }
    assertThat(found.throughBlock()).isLessThanOrEqualTo(client.head().finalNumber());
    assertThat(found.commands())
        .extracting(command -> ((LedgerCommand.Deposit) command).amountNanoOpen())
        .containsExactly(70L);
    assertThat(movements.read(found.throughBlock() + 1).commands()).isEmpty();
  }

  @Test
  void whatIsSentPastTheDoorsIsToldApartFromDeposits() throws Exception {
    var money = new MoneyReader(client, contracts);
    var eve = TenantId.parse("eve");
    var before = money.read();

    wallet.transfer(contracts, contracts.escrow(), 1_000);
    wallet.deposit(contracts, eve, 70);
    await(() -> money.read().deposited() > before.deposited());

    var after = money.read();
    assertThat(after.escrow() - before.escrow()).isEqualTo(70);
    assertThat(after.escrowBalance() - before.escrowBalance()).isEqualTo(1_070);
    assertThat(after.deposits().getLast().account()).isEqualTo(eve.account().hex());
    assertThat(after.deposits().stream().mapToLong(ChainMoney.Moved::nanoOpen).sum())
        .isEqualTo(after.deposited());
  }

  /** Where OPEN is the chain's own coin. */
  @Test
  void coinIsDepositedReadAndReturnedAsCoin() throws Exception {
    Contracts coins =
        Deployment.deploy(
            client, wallet, "openledger.xyz/log/coin", Anvil.STAKE_NANO_OPEN, Currency.COIN, 0);
    var tenant = TenantId.parse("zoe");
    var payee = new Address("0x" + random());
    long from = client.head().number();
    assertThat(wallet.mayDepositCoin(coins)).isTrue();
    assertThat(wallet.mayDepositCoin(contracts)).isFalse();

    wallet.depositCoin(coins, tenant, 70);
    wallet.transact(coins.escrow(), CoinEscrowAbi.setPayee(tenant.account(), payee));
    var movements = new ChainMovements(client, coins);
    movements.know(tenant);
    await(() -> !movements.read(from).commands().isEmpty());
    var outbox = new Outbox(SETTINGS);
    outbox
        .plan(
            "back",
            new Intent.Withdraw("back", tenant.account().hex(), wallet.address().value(), 30))
        .forEach(outbox::apply);
    run(new OutboxHands(client, coins, key), outbox);

    assertThat(client.balance(coins.token(), coins.escrow())).isEqualTo(Words.wei(40));
    assertThat(client.coins(payee)).isEqualTo(Words.wei(30));
  }

  @Test
  void aChainThatHasAWrappedCoinAlreadyKeepsItAndAnAddressWithoutOneIsRefused() throws Exception {
    Address wrapped = wallet.create(WrappedOpenAbi.create());
    Contracts coins = over(wrapped);
    var tenant = TenantId.parse("yan");

    wallet.depositCoin(coins, tenant, 50);
    wallet.wrap(coins, 30);
    wallet.deposit(coins, tenant, 20);

    assertThat(coins.token()).isEqualTo(wrapped);
    assertThat(client.balance(wrapped, coins.escrow())).isEqualTo(Words.wei(70));
    assertThat(client.coins(wrapped)).isEqualTo(Words.wei(80));
    assertThatThrownBy(() -> over(new Address("0x" + random())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("openledger.chain.wrapped-coin: there is no contract at");
  }

  private Contracts over(Address wrapped) throws IOException {
    return Deployment.deploy(
        client,
        wallet,
        "openledger.xyz/log/foreign-coin",
        Anvil.STAKE_NANO_OPEN,
        new Currency(true, wrapped),
        0);
  }

  /** An outbox that remembers nothing, told that the log has grown, until that is final. */
  private Outbox anchored(long from, long to) throws Exception {
    var outbox = new Outbox(SETTINGS);
    if (from > 0) {
      outbox.apply(new OutboxEvent.Planned("before", anchor(0, from)));
      outbox.apply(new OutboxEvent.Satisfied("before", "found"));
      outbox.apply(new OutboxEvent.Finalized("before", 0, "0x00"));
    }
    outbox.planAnchor(to, root(to)).forEach(outbox::apply);
    run(hands, outbox);
    return outbox;
  }

  /** Until all of it is final. */
  private void run(OutboxHands own, Outbox outbox) throws Exception {
    await(
        () -> {
          for (Observation seen : own.poll()) {
            outbox.observe(seen).forEach(outbox::apply);
          }
          for (int pass = 0; pass < 10; pass++) {
            for (Action action : outbox.actions(System.nanoTime() / 1_000_000)) {
              outbox.observe(own.carryOut(action)).forEach(outbox::apply);
            }
          }
          return outbox.rows().stream().allMatch(row -> row.state() == OutboxRow.State.CONFLICTED);
        });
    assertThat(outbox.rows()).isEmpty();
  }

  private static Intent anchor(long from, long to) {
    return new Intent.Anchor(from, to, root(to));
  }

  /** A transfer to a new account, which costs no more than its gas. */
  private Attempt transfer(long nonce, long amount, long gwei) throws IOException {
    var to = new Address("0x" + random());
    return key.sign(
        new TransactionKey.Transaction(
            nonce,
            contracts.token().value(),
            OpenTokenAbi.transfer(to, BigInteger.valueOf(amount)).data(),
            100_000,
            gwei * 1_000_000_000,
            gwei * 100_000_000));
  }

  private static String random() {
    return (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "").substring(0, 40);
  }

  private Reply receipt(Attempt attempt) {
    try {
      var answer = hands.carryOut(new Action.AskReceipt(BlockRef.NONE, attempt.txHash()));
      return ((Observation.Answered) answer).reply();
    } catch (IOException away) {
      throw new AssertionError(away);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + finality().toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + finality());
      }
      pass();
    }
  }

  private static String root(long size) {
    return "%064x".formatted(size);
  }

  private static Digest digest(long size) {
    return Digest.parse("sha256:" + root(size));
  }
}

package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.Outbox;
import xyz.openledger.chainanchor.outbox.OutboxRow;
import xyz.openledger.chainanchor.outbox.OutboxSettings;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Secp256k1Key;

class ChallengedEpochTest {
  private static final long WINDOW_SECONDS = 36_000;
  private static final int BLOCKS = 20;
  private static final String ROOT = "ab".repeat(32);
  private static final String EPOCH = "publish-epoch-1";
  private static final String NEXT = "publish-epoch-2";

  @TempDir Path folder;

  @Test
  void anEpochIsPublishedForTheBooksOnceItPaysAndNotAsSoonAsItsBlockIsFinal() throws Exception {
    try (var anvil = Anvil.start(folder)) {
      anvil.automine(true);
      Contracts contracts = waiting(anvil, null);
      anvil.automine(false);
      var hands = new OutboxHands(anvil.client, contracts, anvil.key());
      var outbox = new Outbox(OutboxSettings.DEFAULT);
      outbox.plan(EPOCH, new Intent.PublishRoot(0, 1, ROOT, 0)).forEach(outbox::apply);

      var blocks = new AtomicInteger();
      anvil.run(hands, outbox, () -> isSafe(outbox) && blocks.incrementAndGet() > BLOCKS);
      assertThat(outbox.finalRow(EPOCH)).as("while it can be challenged").isEmpty();

      anvil.client.rpc().call("evm_increaseTime", WINDOW_SECONDS);
      anvil.run(hands, outbox, () -> outbox.finalRow(EPOCH).isPresent());
      assertThat(anvil.client.payouts(contracts.distributor()).epoch()).isEqualTo(1);
    }
  }

  @Test
  void anEpochThatTheJudgeRejectsIsNotSentAgainUntilSomebodyPublishesItByHand() throws Exception {
    var judgeKey = Secp256k1Key.generate();
    try (var anvil = Anvil.start(folder)) {
      anvil.automine(true);
      Wallet judge = anvil.wallet(judgeKey);
      Contracts contracts = waiting(anvil, judge.address());
      assertThat(Deployment.judges(anvil.client, contracts, judge.address())).isTrue();
      assertThat(Deployment.judges(anvil.client, contracts, anvil.deployer.address())).isFalse();
      anvil.automine(false);
      var hands = new OutboxHands(anvil.client, contracts, anvil.key());
      var outbox = new Outbox(OutboxSettings.DEFAULT);
      outbox.plan(EPOCH, new Intent.PublishRoot(0, 1, ROOT, 0)).forEach(outbox::apply);
      anvil.run(hands, outbox, () -> isSafe(outbox));

      anvil.automine(true);
      assertThatThrownBy(
              () ->
                  anvil.deployer.transact(contracts.distributor(), RewardDistributorAbi.reject(1)))
          .as("who publishes does not judge")
          .isInstanceOf(RpcException.class);
      judge.transact(contracts.distributor(), RewardDistributorAbi.reject(1));
      anvil.automine(false);
      anvil.run(hands, outbox, () -> isConflicted(outbox));
      var attempts = outbox.row(EPOCH).orElseThrow().attempts();
      var blocks = new AtomicInteger();
      anvil.run(hands, outbox, () -> blocks.incrementAndGet() > BLOCKS);
      assertThat(isConflicted(outbox)).isTrue();
      assertThat(outbox.row(EPOCH).orElseThrow().attempts()).isEqualTo(attempts);
      assertThat(anvil.client.payouts(contracts.distributor()).epoch()).isZero();

      assertThat(new EpochsOnChain(anvil.client, contracts).objection(1, root(), null)).isEmpty();

      anvil.automine(true);
      anvil.deployer.transact(
          contracts.distributor(),
          RewardDistributorAbi.publish(0, 1, Digest.parse("sha256:" + ROOT), BigInteger.ZERO));
      assertThat(new EpochsOnChain(anvil.client, contracts).objection(1, root(), null))
          .hasValueSatisfying(why -> assertThat(why).contains("was not rejected"));
      anvil.client.rpc().call("evm_increaseTime", WINDOW_SECONDS);
      anvil.automine(false);
      anvil.run(hands, outbox, () -> outbox.finalRow(EPOCH).isPresent());
    }
  }

  @Test
  void anEpochThatAPersonTookBackIsGivenUpForEverAndTheNextFollowsTheOneBeforeIt()
      throws Exception {
    try (var anvil = Anvil.start(folder)) {
      anvil.automine(true);
      Contracts contracts = waiting(anvil, null);
      anvil.automine(false);
      var chain = new EpochsOnChain(anvil.client, contracts);
      var hands = new OutboxHands(anvil.client, contracts, anvil.key());
      var outbox = new Outbox(OutboxSettings.DEFAULT);
      outbox.plan(EPOCH, new Intent.PublishRoot(0, 1, ROOT, 0)).forEach(outbox::apply);
      assertThat(chain.objection(1, root(), null)).as("never published").isPresent();
      anvil.run(hands, outbox, () -> isSafe(outbox));
      assertThat(outbox.retire(EPOCH)).as("nothing contradicts it").isEmpty();

      anvil.automine(true);
      EpochsOnChain.reject(anvil.deployer, contracts.distributor(), 1);
      anvil.automine(false);
      assertThat(chain.objection(1, root(), null))
          .hasValueSatisfying(why -> assertThat(why).contains("no final block"));
      anvil.run(hands, outbox, () -> isConflicted(outbox));
      assertThat(chain.objection(1, root(), null)).isEmpty();
      assertThat(chain.objection(1, Digest.of(), null)).as("another root").isPresent();
      assertThat(chain.objection(1, root(), "fund-epoch-1"))
          .hasValueSatisfying(why -> assertThat(why).contains("the funding of epoch 1"));
      outbox.retire(EPOCH).forEach(outbox::apply);
      assertThat(outbox.row(EPOCH)).isEmpty();
      assertThat(outbox.retire(EPOCH)).isEmpty();

      outbox.plan(NEXT, new Intent.PublishRoot(0, 2, ROOT, 0)).forEach(outbox::apply);
      anvil.run(hands, outbox, () -> outbox.row(NEXT).stream().anyMatch(OutboxRow::isMined));
      anvil.client.rpc().call("evm_increaseTime", WINDOW_SECONDS);
      anvil.run(hands, outbox, () -> outbox.finalRow(NEXT).isPresent());
      assertThat(anvil.client.payouts(contracts.distributor()).epoch()).isEqualTo(2);
    }
  }

  @Test
  void aChainThatIsAheadWithEpochsOfAnotherJournalStopsPayouts() throws Exception {
    try (var anvil = Anvil.start(folder)) {
      anvil.automine(true);
      anvil.deployer.transact(
          anvil.contracts.distributor(),
          RewardDistributorAbi.publish(0, 1, root(), BigInteger.ZERO));
      anvil.deployer.transact(
          anvil.contracts.distributor(),
          RewardDistributorAbi.publish(1, 2, root(), BigInteger.ZERO));
      anvil.automine(false);
      var outbox = new Outbox(OutboxSettings.DEFAULT);
      outbox.plan(NEXT, new Intent.PublishRoot(0, 1, ROOT, 0)).forEach(outbox::apply);
      anvil.run(outbox, () -> outbox.finalRow(NEXT).isPresent());

      String other = "b".repeat(64);
      outbox.plan(EPOCH, new Intent.PublishRoot(0, 1, other, 0)).forEach(outbox::apply);
      anvil.run(outbox, () -> isConflicted(outbox));
    }
  }

  private static Digest root() {
    return Digest.parse("sha256:" + ROOT);
  }

  private Contracts waiting(Anvil anvil, @Nullable Address judge) throws IOException {
    return Deployment.ensure(
        anvil.client,
        anvil.deployer,
        folder.resolve("waiting.json"),
        Anvil.ORIGIN,
        Anvil.STAKE_NANO_OPEN,
        Anvil.TERMS,
        Currency.TOKEN,
        new PayoutTerms(WINDOW_SECONDS, judge));
  }

  private static boolean isConflicted(Outbox outbox) {
    return outbox.row(EPOCH).filter(row -> row.state() == OutboxRow.State.CONFLICTED).isPresent();
  }

  private static boolean isSafe(Outbox outbox) {
    return outbox.row(EPOCH).filter(row -> row.state() == OutboxRow.State.SAFE).isPresent();
  }
}

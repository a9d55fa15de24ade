package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
                  anvil.deployer.transact(
                      contracts.distributor(), Call.of("reject(uint64)").uint(1)))
          .as("who publishes does not judge")
          .isInstanceOf(RpcException.class);
      judge.transact(contracts.distributor(), Call.of("reject(uint64)").uint(1));
      anvil.automine(false);
      anvil.run(hands, outbox, () -> isConflicted(outbox));
      var attempts = outbox.row(EPOCH).orElseThrow().attempts();
      var blocks = new AtomicInteger();
      anvil.run(hands, outbox, () -> blocks.incrementAndGet() > BLOCKS);
      assertThat(isConflicted(outbox)).isTrue();
      assertThat(outbox.row(EPOCH).orElseThrow().attempts()).isEqualTo(attempts);
      assertThat(anvil.client.payouts(contracts.distributor()).epoch()).isZero();

      anvil.automine(true);
      anvil.deployer.transact(
          contracts.distributor(),
          Call.of("publish(uint64,uint64,bytes32,uint256)")
              .uint(0)
              .uint(1)
              .bytes32(Digest.parse("sha256:" + ROOT))
              .uint(0));
      anvil.client.rpc().call("evm_increaseTime", WINDOW_SECONDS);
      anvil.automine(false);
      anvil.run(hands, outbox, () -> outbox.finalRow(EPOCH).isPresent());
    }
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

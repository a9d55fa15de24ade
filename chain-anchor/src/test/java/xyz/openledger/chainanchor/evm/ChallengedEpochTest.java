package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.Outbox;
import xyz.openledger.chainanchor.outbox.OutboxRow;
import xyz.openledger.chainanchor.outbox.OutboxSettings;

class ChallengedEpochTest {
  private static final long WINDOW_SECONDS = 36_000;
  private static final int BLOCKS = 20;
  private static final String EPOCH = "publish-epoch-1";

  @TempDir Path folder;

  @Test
  void anEpochIsPublishedForTheBooksOnceItPaysAndNotAsSoonAsItsBlockIsFinal() throws Exception {
    try (var anvil = Anvil.start(folder)) {
      anvil.automine(true);
      Contracts contracts =
          Deployment.ensure(
              anvil.client,
              anvil.deployer,
              folder.resolve("waiting.json"),
              Anvil.ORIGIN,
              Anvil.STAKE_NANO_OPEN,
              Anvil.TERMS,
              Currency.TOKEN,
              WINDOW_SECONDS);
      anvil.automine(false);
      var hands = new OutboxHands(anvil.client, contracts, anvil.key());
      var outbox = new Outbox(OutboxSettings.DEFAULT);
      outbox.plan(EPOCH, new Intent.PublishRoot(0, 1, "ab".repeat(32), 0)).forEach(outbox::apply);

      var blocks = new AtomicInteger();
      anvil.run(hands, outbox, () -> isSafe(outbox) && blocks.incrementAndGet() > BLOCKS);
      assertThat(outbox.finalRow(EPOCH)).as("while it can be challenged").isEmpty();

      anvil.client.rpc().call("evm_increaseTime", WINDOW_SECONDS);
      anvil.run(hands, outbox, () -> outbox.finalRow(EPOCH).isPresent());
      assertThat(anvil.client.payouts(contracts.distributor()).epoch()).isEqualTo(1);
    }
  }

  private static boolean isSafe(Outbox outbox) {
    return outbox.row(EPOCH).filter(row -> row.state() == OutboxRow.State.SAFE).isPresent();
  }
}

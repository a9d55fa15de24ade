package xyz.openledger.cluster.member;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.anchor.AnchorMessage.RowReply;
import xyz.openledger.chainanchor.vouchers.VoucherBatches;

/** What became of the batches of vouchers that were brought to the chain. Not thread-safe. */
final class BatchOutcomes {
  private static final Logger LOG = LoggerFactory.getLogger(BatchOutcomes.class);

  private final VoucherBatches batches;
  private boolean away;

  BatchOutcomes(VoucherBatches batches) {
    this.batches = batches;
  }

  /**
   * Asks for each batch how it ended, and waits. If one was refused, the others' vouchers in it do
   * not wait for the next round. An anchorer that does not answer is not asked for the other
   * batches: they stay open, and the next look asks again.
   *
   * @param row how far a batch is, by its name
   * @return whether one was refused
   */
  boolean refused(Function<String, CompletionStage<RowReply>> row) {
    boolean refused = false;
    for (String name : batches.open()) {
      RowReply reply;
      try {
        reply = row.apply(name).toCompletableFuture().join();
      } catch (CompletionException failed) {
        if (!(failed.getCause() instanceof TimeoutException)) {
          throw failed;
        }
        warnOnce();
        return refused;
      }
      away = false;
      if (reply.isFinal()) {
        batches.over(name);
      } else if (reply.row() == null) {
        LOG.warn("a batch of vouchers was refused; what is in it is brought in parts");
        batches.refused(name);
        refused = true;
      }
    }
    return refused;
  }

  private void warnOnce() {
    if (!away) {
      LOG.warn("the anchorer does not answer; how batches of vouchers ended is asked again");
    }
    away = true;
  }
}

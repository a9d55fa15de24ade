package xyz.openledger.actors.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/**
 * A task of which everybody was refuted has no result, and those who answered pay for it all the
 * same.
 */
class RefutedReputationTest {
  private static final Digest SOME = Digest.of(new byte[] {7});
  private static final JobId JOB = JobId.of(new TenantId("ada"), "refuted");

  @TempDir Path folder;

  private static NodeId node(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return NodeId.of(seed);
  }

  private static Receipt.ReplicaReceipt refuted(int number) {
    return new Receipt.ReplicaReceipt(
        new ReplicaId(new TaskId(JOB, 0), number),
        node(number),
        Address.parse("0x" + "ab".repeat(20)),
        PoolId.parse("pool-" + "a".repeat(26)),
        7,
        Receipt.Standing.REJECTED,
        new Outcome(Outcome.Status.FINISHED, 0, 1, Digest.of(new byte[] {(byte) number}), 1),
        null,
        1,
        0,
        "",
        0,
        new ProductCheck(false, 0, -61, "a product is wrong"));
  }

  @Test
  void halvesTheReputationOfAllWhoWereRefutedEvenWhereNobodyWasRight() {
    var replicas = IntStream.range(0, 2).mapToObj(RefutedReputationTest::refuted).toList();
    long now = System.currentTimeMillis();
    var receipt =
        new Receipt(
            Receipt.VERSION,
            Receipt.Kind.RESULT,
            JOB,
            0,
            new TenantId("ada"),
            SOME,
            0,
            SOME,
            new Policy.Verification(Policy.Method.FREIVALDS, null),
            Problem.NO_AGREEMENT,
            List.of(new Receipt.TaskReceipt(0, SOME, null, replicas)),
            0,
            now,
            now);
    try (var store = new ViewStore(folder)) {
      var reputations = new Reputations(store);
      int before = reputations.of(node(0)).score();
      try (ViewStore.Writing writing = store.write()) {
        reputations.apply(writing, receipt);
        writing.commit();
      }
      for (int i = 0; i < 2; i++) {
        assertThat(reputations.of(node(i)).score()).isBetween(before / 2, before / 2 + 10);
        assertThat(reputations.of(node(i)).rejected()).isEqualTo(1);
      }
      assertThat(reputations.of(node(3)).score()).isEqualTo(before);
    }
  }
}

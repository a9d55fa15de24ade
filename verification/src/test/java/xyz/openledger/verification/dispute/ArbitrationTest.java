package xyz.openledger.verification.dispute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.verification.matmul.DrawnNetworks;
import xyz.openledger.verification.matmul.Network;
import xyz.openledger.verification.matmul.NetworkRun;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.ResultBytes;
import xyz.openledger.verification.matmul.Shows;
import xyz.openledger.verification.matmul.Tensor;
import xyz.openledger.verification.matmul.TraceTree;

/** What comes of a dispute between the outputs that two machines handed in. */
class ArbitrationTest {
  private static final int DISPUTES = Boolean.getBoolean("thorough") ? 10_000 : 600;
  private static final Digest IDENTITY = Digest.of(new byte[] {1});

  private final SplittableRandom random = new SplittableRandom(41);

  @Test
  void pays10000HonestSidesWithinTheBoundOnRounds() {
    int hearings = 0;
    for (int i = 0; i < DISPUTES; i++) {
      NetworkTask task = task();
      byte[] truth = task.run(() -> {});
      byte[] lie = lie(task, truth);
      boolean first = random.nextBoolean();
      Claim honest = Claim.of(task, truth);
      Claim liar = Claim.of(task, lie);
      Arbitration.Award award =
          Arbitration.of(IDENTITY, task, first ? honest : liar, first ? liar : honest);
      assertThat(award.winner())
          .as("%d: %s", i, award)
          .isEqualTo(first ? Side.CLAIMANT : Side.CHALLENGER);
      assertThat(award.rounds()).isLessThanOrEqualTo(award.roundsMax());
      assertThat(award.stands(first ? Side.CHALLENGER : Side.CLAIMANT)).isFalse();
      hearings += award.rounds() > 0 ? 1 : 0;
    }
    assertThat(hearings).isGreaterThan(DISPUTES / 4);
  }

  @Test
  void findsNoWinnerWhereBothAreWrong() {
    int disputes = 0;
    for (int i = 0; i < DISPUTES / 3; i++) {
      NetworkTask task = task();
      byte[] truth = task.run(() -> {});
      byte[] a = lie(task, truth);
      byte[] b = lie(task, truth);
      if (!Digest.of(a).equals(Digest.of(b))) {
        disputes++;
        Arbitration.Award award =
            Arbitration.of(IDENTITY, task, Claim.of(task, a), Claim.of(task, b));
        assertThat(award.winner()).as("%d: %s", i, award).isNull();
      }
    }
    assertThat(disputes).isGreaterThan(DISPUTES / 4);
  }

  @Test
  void holdsTheRootInAnOutputAgainstWhatFollowsIt() {
    NetworkTask task = task();
    byte[] truth = task.run(() -> {});
    byte[] other = truth.clone();
    other[20] ^= 1;
    Arbitration.Award award =
        Arbitration.of(IDENTITY, task, Claim.of(task, other), Claim.of(task, truth));
    assertThat(award.winner()).isEqualTo(Side.CHALLENGER);
    assertThat(award.reason()).contains("the claimant").contains("trace root");
  }

  @Test
  void letsNoSideWinWithAnOutputThatIsNotThereOrWithMadeUpFuel() {
    NetworkTask task = task();
    byte[] truth = task.run(() -> {});
    Claim honest = Claim.of(task, truth);
    Claim silent = new Claim(Claim.of(task, lie(task, truth)).outcome(), null);
    Outcome right = honest.outcome();
    Claim greedy =
        new Claim(
            new Outcome(
                right.status(), 0, right.fuelUsed() + 1, right.outputDigest(), truth.length),
            truth);
    for (Claim liar : List.of(silent, greedy)) {
      assertThat(Arbitration.of(IDENTITY, task, liar, honest).winner()).isEqualTo(Side.CHALLENGER);
    }
    assertThat(Arbitration.of(IDENTITY, task, silent, greedy).winner()).isNull();
  }

  private NetworkTask task() {
    Network network = DrawnNetworks.network(random, random.nextInt(8) == 0 ? 200 : 20);
    Tensor.Int8 input = DrawnNetworks.input(random, network, random.nextInt(1, 10));
    return new NetworkTask(network, input.elements(), Shows.TRACE, 1L << 40, 1 << 30, 1 << 24);
  }

  /** One number of what is shown is changed; the root is made to fit it, or is left. */
  private byte[] lie(NetworkTask task, byte[] truth) {
    ResultBytes said = ResultBytes.read(task.network(), task.rows(), truth);
    var products = new ArrayList<>(said.products());
    Tensor result = said.result();
    boolean ofResult = products.isEmpty() || random.nextInt(3) == 0;
    if (ofResult) {
      result = changed(result);
    } else {
      int which = random.nextInt(products.size());
      products.set(which, (Tensor.Int32) changed(products.get(which)));
    }
    List<Tensor> outputs = new ArrayList<>();
    int next = 0;
    for (Operator operator : task.network().operators()) {
      outputs.add(
          operator instanceof Operator.Product
              ? products.get(next++)
              : NetworkRun.step(operator, task.tensor(), outputs));
    }
    // The last of a careful liar's numbers follow from the changed one.
    boolean follows = !ofResult && random.nextBoolean();
    if (follows) {
      result = outputs.getLast();
    } else {
      outputs.set(outputs.size() - 1, result);
    }
    Digest root = TraceTree.of(task.network(), task.tensor(), outputs).root();
    return new ResultBytes(random.nextInt(4) == 0 ? said.root() : root, result, products)
        .write(true);
  }

  private Tensor changed(Tensor tensor) {
    int place = random.nextInt(tensor.size());
    return switch (tensor) {
      case Tensor.Int8(int rows, int columns, byte[] elements) -> {
        byte[] wrong = elements.clone();
        wrong[place] ^= (byte) (1 << random.nextInt(8));
        yield new Tensor.Int8(rows, columns, wrong);
      }
      case Tensor.Int32(int rows, int columns, int[] elements) -> {
        int[] wrong = elements.clone();
        wrong[place] ^= 1 << random.nextInt(32);
        yield new Tensor.Int32(rows, columns, wrong);
      }
    };
  }
}

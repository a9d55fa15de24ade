package xyz.openledger.verification.dispute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.verification.matmul.DrawnNetworks;
import xyz.openledger.verification.matmul.Network;
import xyz.openledger.verification.matmul.NetworkRun;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.Tensor;

class DisputeTest {
  private static final int DISPUTES = Boolean.getBoolean("thorough") ? 10_000 : 1_500;
  private static final Terms TERMS = new Terms(1_000, 5);

  /** How the dishonest side plays. */
  private enum Manner {
    TO_THE_END,
    SILENT,
    SLOW,
    MADE_UP,
    OF_THE_TRUTH,
    WRONG_RUNNING,
    FORGED_NUMBERS
  }

  @Test
  void isWonByTheHonestSideWhateverTheOtherDoes() {
    var random = new SplittableRandom(31);
    for (int i = 0; i < DISPUTES; i++) {
      Network network = DrawnNetworks.network(random, random.nextInt(6) == 0 ? 300 : 20);
      Tensor.Int8 input = DrawnNetworks.input(random, network, random.nextInt(1, 12));
      List<Tensor> truth = DrawnNetworks.run(network, input);
      var honest = new Party(network, input, truth);
      var liar = new Party(network, input, corrupted(random, network, input, truth));
      Manner manner = Manner.values()[random.nextInt(Manner.values().length)];
      Side honestSide = random.nextBoolean() ? Side.CLAIMANT : Side.CHALLENGER;
      Dispute over = play(random, honest, honestSide, liar, manner);
      Dispute.Verdict verdict = Objects.requireNonNull(over.verdict());
      assertThat(verdict.winner()).as("%s of %s", manner, over).isEqualTo(honestSide);
      assertThat(over.rounds()).isLessThanOrEqualTo(Hearing.roundsMax(network, input.rows()));
      assertThat(verdict.forfeitNanoOpen()).isIn(5L, 15L, 35L);
    }
  }

  private static Dispute play(
      SplittableRandom random, Party honest, Side side, Party liar, Manner manner) {
    Digest claimant = side == Side.CLAIMANT ? honest.root() : liar.root();
    Digest challenger = side == Side.CLAIMANT ? liar.root() : honest.root();
    Dispute dispute = Dispute.open(honest.matter(), TERMS, claimant, challenger, 0);
    int turn = random.nextInt(12);
    long now = 0;
    for (int round = 0; dispute.query() != null; round++) {
      Query query = dispute.query();
      now += 1;
      dispute = dispute.answer(side, honest.answer(query), now);
      Answer answer = honestly(liar, query);
      if (manner == Manner.FORGED_NUMBERS && answer instanceof Answer.Numbers numbers) {
        answer = forged(random, numbers);
      } else if (manner == Manner.SLOW) {
        now += 150;
      } else if (manner == Manner.WRONG_RUNNING && answer instanceof Answer.Value(int value)) {
        answer = new Answer.Value(value + random.nextInt(-2, 3));
      } else if (manner == Manner.OF_THE_TRUTH && round == turn) {
        answer = honest.answer(query);
      } else if (manner == Manner.MADE_UP && round == turn) {
        answer = madeUp(random);
      } else if (manner == Manner.SILENT && round >= turn) {
        now += 1_000;
        dispute = dispute.expire(now);
        continue;
      }
      dispute = dispute.answer(side.other(), answer, now);
    }
    return dispute;
  }

  /** A liar's own program may stumble over what it made up. */
  private static Answer honestly(Party liar, Query query) {
    try {
      return liar.answer(query);
    } catch (RuntimeException stumbled) {
      return new Answer.Value(0);
    }
  }

  /** Other numbers under the paths of the right ones. */
  private static Answer forged(SplittableRandom random, Answer.Numbers numbers) {
    var pieces = new ArrayList<Answer.Piece>();
    for (Answer.Piece piece : numbers.pieces()) {
      byte[] bytes = piece.bytes().clone();
      random.nextBytes(bytes);
      pieces.add(new Answer.Piece(piece.of(), piece.tile(), bytes, piece.path(), piece.tiles()));
    }
    return new Answer.Numbers(pieces);
  }

  private static Answer madeUp(SplittableRandom random) {
    byte[] noise = new byte[random.nextInt(1, 300)];
    random.nextBytes(noise);
    Digest some = Digest.of(noise);
    return switch (random.nextInt(5)) {
      case 0 -> new Answer.Halves(some, some);
      case 1 -> new Answer.Tile(noise);
      case 2 -> new Answer.Value(random.nextInt());
      case 3 -> new Answer.Numbers(List.of());
      default ->
          new Answer.Numbers(
              List.of(new Answer.Piece(Answer.Of.FIRST, 0, noise, List.of(some), some)));
    };
  }

  /** Changes one number anywhere; what follows from it is made to fit, or is left. */
  private static List<Tensor> corrupted(
      SplittableRandom random, Network network, Tensor.Int8 input, List<Tensor> truth) {
    int operator = random.nextInt(truth.size());
    var outputs = new ArrayList<>(truth);
    outputs.set(operator, corrupted(random, truth.get(operator)));
    if (random.nextBoolean()) {
      for (int i = operator + 1; i < outputs.size(); i++) {
        Operator step = network.operators().get(i);
        outputs.set(
            i,
            step instanceof Operator.Product product
                ? NetworkRun.product(
                    product,
                    (Tensor.Int8) NetworkRun.source(input, outputs, product.source()),
                    () -> {})
                : NetworkRun.step(step, input, outputs));
      }
    }
    return outputs;
  }

  private static Tensor corrupted(SplittableRandom random, Tensor tensor) {
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

  /** A product a hundred times larger gives the referee no more to compute, and longer paths. */
  @Test
  void leavesTheRefereeTheSameWorkHoweverLargeTheNetworkIs() {
    var random = new SplittableRandom(32);
    for (int side : List.of(64, 640)) {
      byte[] weights = new byte[side * side];
      random.nextBytes(weights);
      var network = new Network(side, List.of(new Operator.Product(Operator.INPUT, side, weights)));
      Tensor.Int8 input = DrawnNetworks.input(random, network, side);
      List<Tensor> truth = DrawnNetworks.run(network, input);
      var honest = new Party(network, input, truth);
      var liar = new Party(network, input, List.of(corrupted(random, truth.getFirst())));
      Dispute dispute = Dispute.open(honest.matter(), TERMS, honest.root(), liar.root(), 0);
      long bytes = 0;
      while (dispute.query() != null) {
        Query query = dispute.query();
        Answer answer = honest.answer(query);
        bytes = Math.max(bytes, bytes(answer));
        dispute =
            dispute.answer(Side.CLAIMANT, answer, 1).answer(Side.CHALLENGER, liar.answer(query), 1);
      }
      assertThat(Objects.requireNonNull(dispute.verdict()).winner()).isEqualTo(Side.CLAIMANT);
      assertThat(bytes).isLessThan(3_000);
    }
  }

  private static long bytes(Answer answer) {
    return switch (answer) {
      case Answer.Halves _ -> 64;
      case Answer.Tile(byte[] tile) -> tile.length;
      case Answer.Value _ -> 4;
      case Answer.Opening opening -> 300 + 32L * opening.factsPath().size();
      case Answer.Numbers(List<Answer.Piece> pieces) ->
          pieces.stream().mapToLong(it -> it.bytes().length + 32L * it.path().size() + 40).sum();
    };
  }

  @Test
  void isLostByBothIfBothAreSilent() {
    var random = new SplittableRandom(33);
    Network network = DrawnNetworks.network(random, 10);
    Tensor.Int8 input = DrawnNetworks.input(random, network, 2);
    var party = new Party(network, input, DrawnNetworks.run(network, input));
    Dispute dispute = Dispute.open(party.matter(), TERMS, party.root(), Digest.of(new byte[1]), 0);
    assertThat(dispute.expire(999).verdict()).isNull();
    assertThat(Objects.requireNonNull(dispute.expire(1_000).verdict()).winner()).isNull();
    assertThatThrownBy(() -> Dispute.open(party.matter(), TERMS, party.root(), party.root(), 0))
        .hasMessageContaining("nothing to dispute");
  }

  /** A trace that claims other facts of the network is no trace of it. */
  @Test
  void isLostByWhoeverRanAnotherNetwork() {
    var random = new SplittableRandom(34);
    for (int i = 0; i < 50; i++) {
      Network network = DrawnNetworks.network(random, 12);
      Network other = DrawnNetworks.network(random, 12);
      if (other.inputColumns() != network.inputColumns()
          || other.operators().size() != network.operators().size()) {
        other = network;
      }
      Tensor.Int8 input = DrawnNetworks.input(random, network, 3);
      var changed = new Tensor.Int8(3, input.columns(), input.elements().clone());
      changed.elements()[0]++;
      var honest = new Party(network, input, DrawnNetworks.run(network, input));
      var liar = new Party(other, changed, DrawnNetworks.run(other, changed));
      Dispute over = Hearing.of(honest, liar);
      assertThat(Objects.requireNonNull(over.verdict()).winner()).isEqualTo(Side.CLAIMANT);
    }
  }
}

package xyz.openledger.actors.simulation.adversaries;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.verification.dispute.Dispute;
import xyz.openledger.verification.dispute.Hearing;
import xyz.openledger.verification.dispute.Party;
import xyz.openledger.verification.dispute.Query;
import xyz.openledger.verification.dispute.Side;
import xyz.openledger.verification.dispute.Terms;
import xyz.openledger.verification.matmul.Network;
import xyz.openledger.verification.matmul.NetworkRun;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.Tensor;

/**
 * Hearings about a small network, on clocks of their own: the referee of production, and sides that
 * answer at once, as late as they may, or no more. Who answers on another's behalf is not modelled.
 */
public final class Hearings {
  /** The clock of production; there both sides' answers are read from what they handed in. */
  static final Terms TERMS = new Terms(60_000, 0);

  private static final long ANSWER_MILLIS = 5;
  private static final int ROWS = 4;
  private static final int COLUMNS = 24;
  private static final int REQUANTISED = 1;

  private final SplittableRandom random;
  private final Network network;
  private final Tensor.Int8 input;
  private final List<Tensor> truth;
  private final Party honest;
  private final boolean offByOne;
  private long heard;
  private int roundsMax;
  private long millisMax;

  /**
   * What the hearings of a trial came to.
   *
   * @param heard how many
   * @param roundsMax the most rounds of one
   * @param roundsBound what a hearing can take
   * @param millisMax the longest, by the clock of the hearing
   */
  public record Figures(long heard, int roundsMax, int roundsBound, long millisMax) {}

  Hearings(long seed, boolean offByOne) {
    this.random = new SplittableRandom(seed);
    this.offByOne = offByOne;
    this.network =
        new Network(
            COLUMNS,
            List.of(
                new Operator.Product(Operator.INPUT, COLUMNS, bytes(COLUMNS * COLUMNS)),
                new Operator.Requantise(0, 9),
                new Operator.Relu(REQUANTISED),
                new Operator.Product(2, 4, bytes(COLUMNS * 4))));
    this.input = new Tensor.Int8(ROWS, COLUMNS, bytes(ROWS * COLUMNS));
    this.truth = NetworkRun.of(network, input, () -> {});
    this.honest = new Party(network, input, truth);
  }

  /**
   * Hears two sides whose outcomes differ.
   *
   * @param stalls whether whoever lies plays for time
   * @return whose outcome was not found wrong; null if both were
   */
  @Nullable Side play(Outcome claimant, Outcome challenger, boolean stalls) {
    boolean first = claimant.equals(Cheat.RIGHT);
    boolean second = challenger.equals(Cheat.RIGHT);
    // Nobody lies about the same number twice: two liars have two traces.
    Party one = first ? honest : liar();
    Party two = second ? honest : liar();
    while (one.root().equals(two.root())) {
      two = liar();
    }
    Dispute over = play(one, !first && stalls, two, !second && stalls);
    return Objects.requireNonNull(over.verdict()).winner();
  }

  private Dispute play(Party claimant, boolean first, Party challenger, boolean second) {
    Dispute dispute = Dispute.open(honest.matter(), TERMS, claimant.root(), challenger.root(), 0);
    int silentFrom = random.nextInt(12);
    long now = 0;
    long left = TERMS.sideMillis();
    for (int round = 0; dispute.query() != null; round++) {
      boolean silent = round >= silentFrom;
      now += ANSWER_MILLIS;
      left -= ANSWER_MILLIS;
      Query query = dispute.query();
      if (!first) {
        dispute = dispute.answer(Side.CLAIMANT, claimant.answer(query), now);
      }
      if (!second) {
        dispute = dispute.answer(Side.CHALLENGER, challenger.answer(query), now);
      }
      if (first || second) {
        // The referee ends it when a clock has run out, not later.
        long late = silent ? left : Math.min(left, TERMS.sideMillis() / 4);
        now += late;
        left -= late;
        dispute = dispute.expire(now);
        dispute = first ? dispute.answer(Side.CLAIMANT, claimant.answer(query), now) : dispute;
        dispute = second ? dispute.answer(Side.CHALLENGER, challenger.answer(query), now) : dispute;
      }
    }
    heard++;
    roundsMax = Math.max(roundsMax, dispute.rounds());
    millisMax = Math.max(millisMax, now);
    return dispute;
  }

  /** One number is wrong, and all that follows is made to fit. */
  private Party liar() {
    int at = offByOne ? REQUANTISED : random.nextInt(truth.size());
    var outputs = new ArrayList<>(truth.subList(0, at));
    outputs.add(wrong(truth.get(at)));
    for (Operator step : network.operators().subList(at + 1, network.operators().size())) {
      outputs.add(
          step instanceof Operator.Product product
              ? NetworkRun.product(
                  product,
                  (Tensor.Int8) NetworkRun.source(input, outputs, product.source()),
                  () -> {})
              : NetworkRun.step(step, input, outputs));
    }
    return new Party(network, input, outputs);
  }

  private Tensor wrong(Tensor right) {
    return switch (right) {
      case Tensor.Int8(int rows, int columns, byte[] elements) -> {
        byte[] changed = elements.clone();
        int one = random.nextInt(changed.length);
        changed[one] = (byte) (changed[one] + 1);
        yield new Tensor.Int8(rows, columns, changed);
      }
      case Tensor.Int32(int rows, int columns, int[] elements) -> {
        int[] changed = elements.clone();
        changed[random.nextInt(changed.length)] ^= 1 << random.nextInt(32);
        yield new Tensor.Int32(rows, columns, changed);
      }
    };
  }

  private byte[] bytes(int count) {
    byte[] drawn = new byte[count];
    random.nextBytes(drawn);
    return drawn;
  }

  Figures figures() {
    return new Figures(
        heard, roundsMax, heard == 0 ? 0 : Hearing.roundsMax(network, ROWS), millisMax);
  }
}

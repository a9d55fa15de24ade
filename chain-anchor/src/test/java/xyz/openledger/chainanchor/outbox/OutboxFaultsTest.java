package xyz.openledger.chainanchor.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One fault at a time, each at every place where it can strike: a crash between every two steps of
 * the outbox, and a reorganisation of every depth. {@code -Dthorough=true} takes twenty seeds
 * instead of one; {@code -Dseed=…} repeats one.
 */
class OutboxFaultsTest {
  private static final boolean THOROUGH = Boolean.getBoolean("thorough");
  private static final int DEPTH_MAX = 64;
  private static final int ROUNDS_MAX = 600;
  private static final int PAYMENTS = 3;

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed != null ? LongStream.of(seed) : new SplittableRandom(23).longs(THOROUGH ? 20 : 1);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aCrashBetweenAnyTwoStepsLosesNothingAndDoesNothingTwice(long seed) {
    var whole = new Life(seed, 6);
    whole.live(-1);
    whole.check();
    assertThat(whole.points).isGreaterThan(50);

    for (int crashAt = 1; crashAt <= whole.points; crashAt++) {
      var life = new Life(seed, 6);
      life.live(crashAt);
      assertThat(life.crashed).as("crash at %d", crashAt).isTrue();
      life.check();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aReorganisationOfAnyDepthIsFollowed(long seed) {
    int rewound = 0;
    for (int depth : IntStream.rangeClosed(1, DEPTH_MAX).toArray()) {
      var life = new Life(seed + depth, DEPTH_MAX + 8);
      life.reorganiseBy(depth);
      life.live(-1);
      life.check();
      rewound += life.rewound();
    }
    assertThat(rewound).isGreaterThan(DEPTH_MAX);
  }

  /** Otherwise the tests above could not tell. */
  @Test
  void anOutboxThatForgetsWhatItSentAndDoesNotLookIsFoundOut() {
    long red =
        IntStream.rangeClosed(1, 80)
            .filter(
                crashAt -> {
                  var life = new Life(5, 6, true);
                  life.live(crashAt);
                  try {
                    life.check();
                    return false;
                  } catch (AssertionError found) {
                    return true;
                  }
                })
            .count();

    assertThat(red).isPositive();
  }

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** An outbox with three payments and a growing log, and an honest chain. */
  private static final class Life {
    private final SimulatedChain chain;
    private final List<OutboxEvent> journal = new ArrayList<>();
    private Outbox outbox = new Outbox(OutboxSimulation.SETTINGS);
    private final int finalDepth;
    private int depth;
    private long logSize;
    private long nowMillis;
    private long lastHead;
    private int crashAt = -1;
    private int paid;
    int points;
    boolean crashed;

    /**
     * The planted bug: a crash takes what was signed and sent, as if it had not been stored,
     * effects are not looked for, and the contracts let it pass.
     */
    private final boolean careless;

    Life(long seed, int finalDepth) {
      this(seed, finalDepth, false);
    }

    Life(long seed, int finalDepth, boolean careless) {
      this.finalDepth = finalDepth;
      this.careless = careless;
      chain = new SimulatedChain(new SplittableRandom(seed), !careless, finalDepth);
    }

    void reorganiseBy(int blocks) {
      depth = blocks;
    }

    void live(int crash) {
      crashAt = crash;
      for (int round = 0; round < ROUNDS_MAX; round++) {
        nowMillis += 1_100;
        try {
          round(round);
        } catch (Crash struck) {
          crashed = true;
          outbox = new Outbox(OutboxSimulation.SETTINGS);
          if (careless) {
            journal.removeIf(
                event ->
                    !(event instanceof OutboxEvent.Planned)
                        && !(event instanceof OutboxEvent.AnchorGrown));
          }
          journal.forEach(outbox::apply);
        }
        if (round > finalDepth + 20 && outbox.rows().isEmpty()) {
          return;
        }
      }
    }

    private void round(int round) {
      chain.mine(true);
      // Up to the reorganisation, so that it always strikes something young.
      if (round < 4 || (depth > 0 && round <= DEPTH_MAX + 2 && round % 3 == 0)) {
        logSize += 10;
      }
      write(outbox.planAnchor(logSize, "%064x".formatted(logSize)));
      if (paid < PAYMENTS) {
        String key = "payment-" + paid;
        write(outbox.plan(key, new Intent.Fund(key, 7)));
        paid++;
      }
      if (depth > 0 && round == DEPTH_MAX + 2) {
        chain.reorganise(depth);
      }
      for (long n = Math.max(0, Math.min(lastHead, chain.head().number()) - 5);
          n <= chain.head().number();
          n++) {
        write(outbox.observe(chain.seen(chain.at(n))));
      }
      lastHead = chain.head().number();
      for (Action action : outbox.actions(nowMillis)) {
        point();
        Reply reply = answer(action);
        point();
        write(outbox.observe(new Observation.Answered(action, reply)));
      }
    }

    private void write(List<OutboxEvent> events) {
      if (events.isEmpty()) {
        return;
      }
      point();
      for (OutboxEvent event : events) {
        journal.add(event);
        outbox.apply(event);
      }
      point();
    }

    private void point() {
      if (++points == crashAt) {
        throw new Crash();
      }
    }

    private Reply answer(Action action) {
      return switch (action) {
        case Action.CheckEffect check ->
            careless && check.tag() == Action.Tag.LATEST
                ? new Reply.Effect.Absent(
                    check.intent() instanceof Intent.Anchor anchor ? anchor.fromSize() : 0)
                : chain.effect(check.intent(), check.tag(), 0);
        case Action.Sign sign ->
            new Reply.Signature(
                chain.sign(
                    sign.intent(), sign.nonce(), sign.maxFeeWeiPerGas(), sign.tipWeiPerGas()));
        case Action.Send send -> chain.send(send.rawHex());
        case Action.AskReceipt ask -> chain.receipt(ask.txHash()).orElseGet(Reply.NoReceipt::new);
        case Action.AskNonce _ -> new Reply.Nonce(chain.head().after().nonce());
        case Action.AskBlock ask ->
            new Reply.Block(chain.block(ask.number()).map(SimulatedChain.Block::hash).orElse(""));
      };
    }

    int rewound() {
      return (int) journal.stream().filter(OutboxEvent.Rewound.class::isInstance).count();
    }

    void check() {
      assertThat(outbox.rows()).as("everything is final").isEmpty();
      long at = 0;
      var funds = new ArrayList<String>();
      for (String effect : chain.effects()) {
        String[] words = effect.split(" ", 3);
        if (words[0].equals("anchor")) {
          assertThat(Long.parseLong(words[1])).as("anchors follow one another").isEqualTo(at);
          at = Long.parseLong(words[2]);
        } else {
          funds.add(words[1]);
        }
      }
      assertThat(at).as("the whole log is anchored").isEqualTo(logSize);
      assertThat(funds).as("each payment once").hasSize(PAYMENTS).doesNotHaveDuplicates();
      assertThat(outbox.anchorProgress().finalSize()).isEqualTo(logSize);
      assertThat(chain.reverted()).as("nothing was sent in vain").isZero();
      assertThat(journal)
          .noneMatch(event -> event instanceof OutboxEvent.NonceTaken)
          .noneMatch(event -> event instanceof OutboxEvent.Conflicted);
    }
  }
}

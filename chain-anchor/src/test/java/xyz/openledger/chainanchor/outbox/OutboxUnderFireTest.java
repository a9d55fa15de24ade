package xyz.openledger.chainanchor.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Batches of settled work, each a growth of the log and a payment, brought to the chain while a
 * fifth of all calls fail, while two anchorers work for one log with one key, and while the clock
 * jumps. {@code -Dthorough=true} brings 10,000 batches; {@code -Dseed=…} repeats one life.
 */
class OutboxUnderFireTest {
  private static final boolean THOROUGH = Boolean.getBoolean("thorough");
  private static final int BATCHES = THOROUGH ? 1_000 : 150;
  private static final int ROUNDS_AFTER = 2_000;

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed != null ? LongStream.of(seed) : new SplittableRandom(29).longs(THOROUGH ? 10 : 2);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aFifthOfAllCallsFailsAndWhatIsAnchoredIsWhatWasSettled(long seed) {
    var life = new Life(seed, 1, true);
    life.faultPercent = 20;

    life.live(BATCHES);

    life.check();
    assertThat(life.faults).isGreaterThan(life.calls / 6).isLessThan(life.calls / 4);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void twoAnchorersAtOnceDoEverythingOnce(long seed) {
    var life = new Life(seed, 2, true);

    life.live(BATCHES / 5);

    life.check();
    assertThat(life.events(OutboxEvent.Signed.class)).isGreaterThan(BATCHES / 5);
    assertThat(life.events(OutboxEvent.Satisfied.class))
        .as("found what the other did")
        .isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aClockThatJumpsHoldsNothingUpAndRepeatsNothing(long seed) {
    var life = new Life(seed, 1, true);
    life.clockJumps = true;

    life.live(BATCHES / 3);

    life.check();
    assertThat(life.reverted()).as("nothing was sent in vain").isZero();
  }

  /** Otherwise the tests above could not tell. */
  @Test
  void contractsThatDoNotCompareAndSwapAreFoundOut() {
    long red =
        LongStream.range(0, 5)
            .filter(
                seed -> {
                  var life = new Life(seed, 2, false);
                  life.live(30);
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

  /** One chain and its anchorers. */
  private static final class Life {
    private final SplittableRandom random;
    private final SimulatedChain chain;
    private final List<Anchorer> anchorers;
    private final TreeSet<Long> settled = new TreeSet<>();
    private long logSize;
    int faultPercent;
    boolean clockJumps;
    int calls;
    int faults;

    Life(long seed, int anchorers, boolean compareAndSwap) {
      this.random = new SplittableRandom(seed);
      this.chain = new SimulatedChain(random.split(), compareAndSwap);
      this.anchorers =
          Stream.<Anchorer>generate(() -> new Anchorer(this)).limit(anchorers).toList();
    }

    void live(int batches) {
      for (int round = 0; round < batches + ROUNDS_AFTER; round++) {
        if (round < batches) {
          logSize += random.nextInt(1, 50);
          settled.add(logSize);
        }
        chain.mine(random.nextInt(4) > 0);
        if (round < batches && faultPercent > 0 && random.nextInt(20) == 0) {
          chain.reorganise(1 + random.nextInt(5));
        }
        for (Anchorer each : anchorers) {
          if (anchorers.size() == 1 || random.nextInt(3) > 0) {
            each.round();
          }
        }
        if (round > batches + 30 && anchorers.stream().allMatch(Anchorer::isDone)) {
          return;
        }
      }
    }

    boolean fails() {
      calls++;
      boolean struck = random.nextInt(100) < faultPercent;
      faults += struck ? 1 : 0;
      return struck;
    }

    long reverted() {
      return chain.reverted();
    }

    long events(Class<? extends OutboxEvent> type) {
      return anchorers.stream()
          .flatMap(each -> each.journal.stream())
          .filter(type::isInstance)
          .count();
    }

    void check() {
      long at = 0;
      var paid = new ArrayList<Long>();
      for (String effect : chain.effects()) {
        String[] words = effect.split(" ", 3);
        if (words[0].equals("anchor")) {
          assertThat(Long.parseLong(words[1])).as("anchors follow one another").isEqualTo(at);
          at = Long.parseLong(words[2]);
        } else {
          paid.add(Long.parseLong(words[1]));
        }
      }
      assertThat(at).as("the whole log is anchored").isEqualTo(logSize);
      assertThat(paid)
          .as("each settled batch is paid once")
          .containsExactlyInAnyOrderElementsOf(settled);
      for (Anchorer each : anchorers) {
        assertThat(each.outbox.rows()).as("everything is final").isEmpty();
        assertThat(each.journal).noneMatch(OutboxEvent.Conflicted.class::isInstance);
      }
    }
  }

  /** One member's anchorer: an outbox, its journal, and hands that may fail. */
  private static final class Anchorer {
    private final Life life;
    private final List<OutboxEvent> journal = new ArrayList<>();
    private final List<Observation> late = new ArrayList<>();
    private Outbox outbox = new Outbox(OutboxSimulation.SETTINGS);
    private long lastHead;
    private long planned;
    private long nowMillis = 1_000_000_000_000L;

    Anchorer(Life life) {
      this.life = life;
    }

    boolean isDone() {
      return planned == life.logSize && outbox.rows().isEmpty() && late.isEmpty();
    }

    void round() {
      nowMillis += 1_100;
      if (life.clockJumps && life.random.nextInt(10) == 0) {
        nowMillis += life.random.nextLong(-86_400_000, 86_400_000);
      }
      write(outbox.planAnchor(life.logSize, "%064x".formatted(life.logSize)));
      for (long batch : life.settled.tailSet(planned, false)) {
        write(outbox.plan("batch-" + batch, new Intent.Fund(Long.toString(batch), 7)));
        planned = batch;
      }
      for (long n = Math.max(0, Math.min(lastHead, life.chain.head().number()) - 6);
          n <= life.chain.head().number();
          n++) {
        write(outbox.observe(life.chain.seen(life.chain.at(n))));
      }
      lastHead = life.chain.head().number();
      for (Action action : outbox.actions(nowMillis)) {
        carryOut(action);
      }
      while (!late.isEmpty() && life.random.nextInt(3) == 0) {
        write(outbox.observe(late.removeFirst()));
      }
    }

    private void carryOut(Action action) {
      if (!life.fails()) {
        write(outbox.observe(new Observation.Answered(action, answer(action))));
        return;
      }
      switch (life.random.nextInt(5)) {
        case 0 -> {
          // The question is lost.
        }
        case 1 -> answer(action);
        case 2 -> late.add(new Observation.Answered(action, answer(action)));
        case 3 -> write(outbox.observe(new Observation.Answered(action, lie(action))));
        default -> {
          answer(action);
          outbox = new Outbox(OutboxSimulation.SETTINGS);
          journal.forEach(outbox::apply);
        }
      }
    }

    /** Only what a node can lie about without help from a contract. */
    private Reply lie(Action action) {
      return switch (action) {
        case Action.AskReceipt _ ->
            new Reply.Receipt(new BlockRef(life.chain.head().number(), "0xphantom"), true, null);
        case Action.Send _ -> Reply.Sending.ACCEPTED;
        default -> answer(action);
      };
    }

    private Reply answer(Action action) {
      var chain = life.chain;
      return switch (action) {
        case Action.CheckEffect check -> chain.effect(check.intent(), check.tag(), 0);
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

    private void write(List<OutboxEvent> events) {
      for (OutboxEvent event : events) {
        journal.add(event);
        outbox.apply(event);
      }
    }
  }
}

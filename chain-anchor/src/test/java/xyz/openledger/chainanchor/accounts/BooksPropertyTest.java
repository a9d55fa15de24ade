package xyz.openledger.chainanchor.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The seed names the case: run one again with {@code -Dseed=...}. */
class BooksPropertyTest {
  private static final int STEPS = 600;

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed != null ? LongStream.of(seed) : new SplittableRandom(7).longs(40);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingIsLostMadeOrPaidTwice(long seed) {
    var world = LedgerWorld.honest(seed);

    world.live(STEPS);

    assertThat(world.journal).hasSizeGreaterThan(STEPS / 5);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aRepeatOfEverythingChangesNothing(long seed) {
    var world = LedgerWorld.honest(seed);
    world.live(STEPS);
    var balances = world.books.balances();

    // A refused command may be granted later, when there is money: only what was granted counts as
    // a repeat.
    for (LedgerCommand command : world.asked) {
      if (command instanceof LedgerCommand.Settle || command instanceof LedgerCommand.Deposit) {
        assertThat(world.books.decide(command).newEvents())
            .allMatch(event -> !world.journal.contains(event))
            .allMatch(
                event ->
                    event instanceof LedgerEvent.Settled settled
                        && world.books.hold(settled.jobId()).isPresent());
      }
    }

    assertThat(world.books.balances()).isEqualTo(balances);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theJournalAndTheSnapshotRebuildTheSameBooks(long seed) {
    var world = LedgerWorld.honest(seed);
    world.live(STEPS);

    var replayed = new Books();
    world.journal.forEach(replayed::apply);
    var restored = Books.of(world.books.snapshot());

    var expected = world.books.snapshot();
    assertThat(replayed.snapshot()).usingRecursiveComparison().isEqualTo(expected);
    assertThat(restored.snapshot()).usingRecursiveComparison().isEqualTo(expected);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aBatchIsDecidedLikeItsCommandsOneByOne(long seed) {
    var world = LedgerWorld.honest(seed);
    world.live(STEPS);
    var batched = new Books();
    var events = new ArrayList<LedgerEvent>();

    for (int from = 0; from < world.asked.size(); from += 64) {
      var batch = world.asked.subList(from, Math.min(from + 64, world.asked.size()));
      for (Decision decision : batched.decideAll(batch)) {
        decision.newEvents().forEach(batched::apply);
        events.addAll(decision.newEvents());
      }
    }

    assertThat(events).isEqualTo(world.journal);
  }

  @Test
  void booksThatPayARepeatedSettlementAgainAreFoundOut() {
    var world =
        new LedgerWorld(
            3,
            (books, command) ->
                books.decide(command) instanceof Decision.Repeated(LedgerEvent.Settled first)
                    ? new Decision.Accepted(List.of(first))
                    : books.decide(command));

    assertThatThrownBy(() -> world.live(STEPS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot follow");
  }

  @Test
  void booksThatRoundEachFeeDownAndLoseTheDustAreFoundOut() {
    var world =
        new LedgerWorld(
            3,
            (books, command) ->
                books.decide(command) instanceof Decision.Accepted(var events)
                        && events.getFirst() instanceof LedgerEvent.Settled settled
                    ? new Decision.Accepted(List.of(withoutDust(settled)))
                    : books.decide(command));

    assertThatThrownBy(() -> world.live(STEPS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not the hold");
  }

  @Test
  void booksThatCreditADepositForEachTimeItIsSeenAreFoundOut() {
    var world =
        new LedgerWorld(
            3,
            (books, command) ->
                books.decide(command) instanceof Decision.Repeated(LedgerEvent.Deposited first)
                    ? new Decision.Accepted(List.of(first))
                    : books.decide(command));

    assertThatThrownBy(() -> world.live(STEPS)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void booksThatReopenAFinishedHoldAreFoundOut() {
    var world =
        new LedgerWorld(
            3,
            (books, command) ->
                command instanceof LedgerCommand.Hold hold
                        && books.decide(command) instanceof Decision.Refused(var refusal)
                        && refusal.reason() == LedgerRefusal.Reason.FINISHED
                    ? new Decision.Accepted(
                        List.of(
                            new LedgerEvent.Held(
                                hold.jobId(),
                                hold.tenant(),
                                hold.amountNanoOpen(),
                                hold.origin().source(),
                                hold.origin().number())))
                    : books.decide(command));

    assertThatThrownBy(() -> world.live(10 * STEPS)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void booksThatFundAnEpochAgainThatTheDistributorCanPayAreFoundOut() {
    var world =
        new LedgerWorld(
            3,
            (books, command) ->
                books.decide(command) instanceof Decision.Accepted(var events)
                        && events.getFirst() instanceof LedgerEvent.PayoutEpochClosed closed
                    ? new Decision.Accepted(List.of(uncovered(closed)))
                    : books.decide(command));

    assertThatThrownBy(() -> world.live(10 * STEPS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot follow");
  }

  private static LedgerEvent uncovered(LedgerEvent.PayoutEpochClosed closed) {
    return new LedgerEvent.PayoutEpochClosed(
        closed.epoch(),
        closed.payouts(),
        closed.platformPayee(),
        closed.platformNanoOpen(),
        closed.root(),
        closed.shares());
  }

  private static LedgerEvent withoutDust(LedgerEvent.Settled settled) {
    var payments =
        settled.payments().stream()
            .map(
                p ->
                    new Payment(
                        p.replicaId(),
                        p.nodeId(),
                        p.payee(),
                        p.netNanoOpen(),
                        Math.max(0, p.feeNanoOpen() - 1)))
            .toList();
    return new LedgerEvent.Settled(
        settled.jobId(),
        settled.tenant(),
        settled.heldNanoOpen(),
        payments,
        settled.withheld(),
        settled.refundNanoOpen(),
        settled.chargesDigest());
  }
}

package xyz.openledger.nodes.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.session.Fault;
import xyz.openledger.protocol.session.Lease;

class LeaseBookTest {
  private static final LeaseBook.Bounds BOUNDS = new LeaseBook.Bounds(4, 8, 1 << 20);

  /** Draws a life of a book from a seed, and holds it against a model of two sets. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverHoldsMoreThanItGrantedAndNeverForgetsWhatItOwes(long seed) {
    var random = new SplittableRandom(seed);
    var book = new LeaseBook(BOUNDS, 0);
    Set<ReplicaId> running = new HashSet<>();
    Set<ReplicaId> answered = new HashSet<>();
    long fence = 0;
    for (int step = 0; step < 500; step++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          int credits = book.credits();
          Lease lease = lease((int) ++fence, fence, random.nextBoolean());
          Optional<Fault> refusal = book.take(lease);
          assertThat(refusal.isEmpty()).isEqualTo(running.size() < credits);
          if (refusal.isEmpty()) {
            running.add(lease.replica());
          }
        }
        case 2 -> {
          for (ReplicaId replica : some(running, random)) {
            boolean atOnce = replica.number() % 2 == 0;
            assertThat(book.answered(answer(lease(replica, 1, atOnce)))).isTrue();
            running.remove(replica);
            answered.add(replica);
          }
        }
        case 3 -> {
          for (ReplicaId replica : some(answered, random)) {
            book.reveal(replica);
            assertThat(book.reveal(replica)).as("a reveal is given out once").isEmpty();
            assertThat(book.cancel(replica)).isPresent();
            answered.remove(replica);
          }
        }
        default -> {
          for (ReplicaId replica : some(running, random)) {
            assertThat(book.failed(replica)).isTrue();
            assertThat(book.answered(answer(lease(replica, 1, true)))).isFalse();
            running.remove(replica);
          }
        }
      }
      assertThat(book.running()).isEqualTo(running.size());
      assertThat(book.held()).hasSize(running.size() + answered.size());
      assertThat(book.credits()).isBetween(0, BOUNDS.creditsMax());
      assertThat(answered.size()).isLessThanOrEqualTo(BOUNDS.heldMax() + BOUNDS.creditsMax());
    }
  }

  static List<Long> seeds() {
    return LongStream.range(0, 50).boxed().toList();
  }

  @Test
  void takesEachFenceOnceInAnyOrderAndNoneOfAnEarlierLife() {
    var book = new LeaseBook(BOUNDS, 100);

    assertThat(problem(book, 100)).contains(Problem.STALE_FENCE);
    assertThat(problem(book, 101)).isEmpty();
    assertThat(problem(book, 101)).contains(Problem.STALE_FENCE);
    assertThat(problem(book, 5_000)).isEmpty();
    assertThat(problem(book, 4_999)).isEmpty();
    assertThat(problem(book, 4_999)).contains(Problem.STALE_FENCE);
    assertThat(problem(book, 99)).contains(Problem.STALE_FENCE);
    assertThat(book.fenceSeen()).isEqualTo(5_000);
  }

  @Test
  void aFenceThatWasRefusedForWantOfCreditIsSeenAllTheSame() {
    var book = new LeaseBook(BOUNDS, 0);
    for (int fence = 1; fence <= 4; fence++) {
      assertThat(problem(book, fence)).isEmpty();
    }

    assertThat(problem(book, 5)).contains(Problem.NO_CREDIT);
    assertThat(problem(book, 5)).contains(Problem.STALE_FENCE);
  }

  @Test
  void refusesMoreMemoryThanASlotHas() {
    var book = new LeaseBook(new LeaseBook.Bounds(4, 8, (1 << 20) - 1), 0);

    assertThat(problem(book, 1)).contains(Problem.NO_CREDIT);
  }

  @Test
  void answersThatWaitForTheirRevealTakeCreditsOnlyWhenTheyAreMany() {
    var book = new LeaseBook(BOUNDS, 0);
    for (int i = 1; i <= 7; i++) {
      Lease lease = lease(i, i, false);
      book.take(lease);
      book.answered(answer(lease));
    }

    assertThat(book.running()).isZero();
    assertThat(book.credits()).isEqualTo(1);
  }

  private static Optional<Problem> problem(LeaseBook book, long fence) {
    return book.take(lease((int) fence % 1_000, fence, true)).map(Fault::problem);
  }

  private static List<ReplicaId> some(Set<ReplicaId> all, SplittableRandom random) {
    var some = new ArrayList<ReplicaId>(all);
    some.removeIf(_ -> random.nextBoolean());
    return some;
  }

  private static Lease lease(int number, long fence, boolean atOnce) {
    return lease(ReplicaId.parse("job-aaaaaaaaaaaaaaaaaaaaaaaaaa/0/r" + number), fence, atOnce);
  }

  static Lease lease(ReplicaId replica, long fence, boolean atOnce) {
    return new Lease(
        replica,
        fence,
        Digest.of(),
        Digest.of(),
        List.of(),
        Digest.of(),
        0,
        ByteString.EMPTY,
        1_000,
        1 << 20,
        1 << 10,
        1_000,
        atOnce,
        1);
  }

  static Answer answer(Lease lease) {
    var outcome = new Outcome(Outcome.Status.FINISHED, 0, 1, Digest.of(), 0);
    return new Answer(
        lease, lease.task(), outcome, ByteString.EMPTY, ByteString.EMPTY, null, 1, "", "");
  }
}

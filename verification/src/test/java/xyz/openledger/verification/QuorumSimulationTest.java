package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.Cast.node;
import static xyz.openledger.verification.Cast.owner;
import static xyz.openledger.verification.Cast.quorum;
import static xyz.openledger.verification.Cast.replica;
import static xyz.openledger.verification.Cast.said;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.Policy;
import xyz.openledger.verification.Replica.State;

/** Draws replicas and whole lives of tasks from a seed and holds each verdict against the laws. */
class QuorumSimulationTest {
  private static final int DRAWS = 3_000;
  private static final List<State> STATES = List.of(State.values());

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyVerdictOnAnyReplicasKeepsTheLaws(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < DRAWS; i++) {
      int agreement = random.nextInt(1, 5);
      var verification = quorum(agreement, random.nextInt(agreement, 9));
      int size = random.nextInt(0, verification.parameters().replicasMax() + 1);
      var replicas = new ArrayList<Replica>();
      for (int number = 0; number < size; number++) {
        replicas.add(draw(random, number));
      }
      QuorumLaws.check(verification, replicas, Quorum.decide(verification, replicas));
    }
  }

  private static Replica draw(SplittableRandom random, int number) {
    var leased =
        Replica.leased(
            replica(number), node("node " + random.nextInt(8)), owner("o" + random.nextInt(5)));
    State state = STATES.get(random.nextInt(STATES.size()));
    return state == State.REVEALED || random.nextInt(3) == 0
        ? leased.revealed(said("answer " + random.nextInt(3)))
        : leased.in(state);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyTaskEndsAndNoHonestWorkIsLeftRunning(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 500; i++) {
      int agreement = random.nextInt(1, 4);
      var verification = quorum(agreement, random.nextInt(agreement, 8));
      var replicas = new ArrayList<Replica>();

      var verdict = live(random, verification, replicas);

      if (verdict instanceof Verdict.Accepted) {
        assertThat(replicas).noneMatch(Replica::pending);
      }
    }
  }

  /** Runs one task among owners of whom one in five lies and one lease in five is lost. */
  private static Verdict live(
      SplittableRandom random, Policy.Verification verification, List<Replica> replicas) {
    for (int step = 0; step < 200; step++) {
      Verdict verdict = Quorum.decide(verification, replicas);
      QuorumLaws.check(verification, replicas, verdict);
      switch (verdict) {
        case Verdict.Final over -> {
          return over;
        }
        case Verdict.Lease lease -> grant(lease, replicas);
        case Verdict.Wait _ -> advance(random, replicas, State.LEASED);
        case Verdict.Reveal _ -> advance(random, replicas, State.COMMITTED);
      }
    }
    throw new AssertionError("no verdict after 200 steps: " + replicas);
  }

  private static void grant(Verdict.Lease lease, List<Replica> replicas) {
    // A pool may grant fewer than asked for.
    for (int name = 0; ; name++) {
      if (!lease.ownersExcluded().contains(owner("o" + name))
          && !lease.nodesExcluded().contains(node("n" + name))) {
        replicas.add(Replica.leased(replica(replicas.size()), node("n" + name), owner("o" + name)));
        return;
      }
    }
  }

  private static void advance(SplittableRandom random, List<Replica> replicas, State from) {
    for (int i = 0; i < replicas.size(); i++) {
      Replica replica = replicas.get(i);
      if (replica.state() == from && random.nextInt(2) == 0) {
        replicas.set(i, advance(random, replica));
        return;
      }
    }
  }

  private static Replica advance(SplittableRandom random, Replica replica) {
    if (random.nextInt(5) == 0) {
      return replica.in(State.LOST);
    }
    return replica.state() == State.LEASED
        ? replica.in(State.COMMITTED)
        : replica.revealed(said(random.nextInt(5) == 0 ? "lie" : "truth"));
  }

  /** Three seeds, and a hundred if it is to be thorough. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 100 : 3);
  }
}

package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.Cast.node;
import static xyz.openledger.verification.Cast.owner;
import static xyz.openledger.verification.Cast.replica;
import static xyz.openledger.verification.Cast.said;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.verification.Replica.Standing;
import xyz.openledger.verification.Replica.State;

class AdaptiveTest {
  private static final int ONE_PERCENT = 10_000;
  private static final Standing PROVEN = new Standing(20, false);
  private static final Standing STRANGER = Standing.NONE;

  private final List<Replica> replicas = new ArrayList<>();

  @Test
  void asksOneMachineFirst() {
    assertThat(decide()).isEqualTo(new Verdict.Lease(1, Set.of(), Set.of()));
  }

  @Test
  void believesOneMachineThatHasProvenItself() {
    add("ada", PROVEN, State.COMMITTED);
    assertThat(decide()).isInstanceOf(Verdict.Reveal.class);

    replicas.set(0, replicas.getFirst().revealed(said("42")));

    assertThat(((Verdict.Accepted) decide()).outcome()).isEqualTo(said("42"));
    assertThat(Adaptive.errorPartsPerMillion(replicas, Adaptive.SABOTEURS))
        .isBetween(9_999, 10_001);
  }

  @Test
  void asksForAnotherOwnerWhereTheTaskIsAudited() {
    add("ada", new Standing(1_000, true), State.COMMITTED);

    assertThat(((Verdict.Lease) decide()).count()).isEqualTo(1);

    add("bob", PROVEN, State.COMMITTED);
    assertThat(decide()).isInstanceOf(Verdict.Reveal.class);
  }

  /** So that a ring that holds as many replicas as the policy asks for is seen, too. */
  @Test
  void asksForOneOwnerMoreThanThePolicyDoesWhereTheTaskIsAudited() {
    var two = new Policy.Verification(Policy.Method.ADAPTIVE, new Policy.Parameters(2, 9));
    add("eve", new Standing(1_000, false), State.COMMITTED);
    add("fay", new Standing(1_000, false), State.COMMITTED);
    assertThat(Adaptive.decide(two, replicas)).isInstanceOf(Verdict.Reveal.class);

    replicas.set(1, replicas.getLast().of(new Standing(1_000, true)));
    assertThat(((Verdict.Lease) Adaptive.decide(two, replicas)).count()).isEqualTo(1);

    for (int i = 0; i < 2; i++) {
      replicas.set(i, replicas.get(i).revealed(said("lie")));
    }
    for (String name : List.of("ada", "bob", "cyd")) {
      assertThat(Adaptive.decide(two, replicas)).isInstanceOf(Verdict.Lease.class);
      add(name, new Standing(1_000, false), State.COMMITTED);
      replicas.set(replicas.size() - 1, replicas.getLast().revealed(said("42")));
    }
    assertThat((Verdict.Accepted) Adaptive.decide(two, replicas))
        .returns(said("42"), Verdict.Accepted::outcome)
        .satisfies(accepted -> assertThat(accepted.dissenting()).hasSize(2));
  }

  @Test
  void takesFourStrangersWhoAgreeForOnePercent() {
    add("ada", STRANGER, State.COMMITTED);

    for (String name : List.of("bob", "cyd", "dan")) {
      assertThat(decide()).isInstanceOf(Verdict.Lease.class);
      add(name, STRANGER, State.COMMITTED);
    }
    assertThat(((Verdict.Reveal) decide()).replicas()).hasSize(4);
  }

  @Test
  void looksWhoComesBeforeItAsksForMore() {
    add("ada", STRANGER, State.LEASED);

    assertThat(decide()).isEqualTo(new Verdict.Lease(1, 3, Set.of(owner("ada")), Set.of()));

    add("bob", new Standing(100, false), State.LEASED);
    assertThat(decide()).isEqualTo(new Verdict.Wait());
  }

  @Test
  void asksForHalfAsManyMoreOnceThereAreMany() {
    for (int i = 0; i < 6; i++) {
      add("o" + i, STRANGER, State.LEASED);
    }
    var lease = (Verdict.Lease) Adaptive.decide(100, Adaptive.SABOTEURS, 15, replicas);

    assertThat(lease.count()).isOne();
    assertThat(lease.missing()).isOne();
    lease = (Verdict.Lease) Adaptive.decide(1, 0.35, 40, replicas);
    assertThat(lease.count()).isEqualTo(3);
    assertThat(lease.missing()).isEqualTo(17);
  }

  @Test
  void revealsNothingWhileSomebodyIsStillAtWorkInTheFirstRound() {
    add("ada", STRANGER, State.COMMITTED);
    for (String name : List.of("bob", "cyd", "dan")) {
      add(name, STRANGER, State.LEASED);
    }
    assertThat(decide()).isEqualTo(new Verdict.Wait());
  }

  @Test
  void countsAnOwnerOnceHoweverManyNodesHeHas() {
    for (int i = 0; i < 4; i++) {
      add("ada", STRANGER, State.COMMITTED);
      replicas.set(i, replicas.get(i).revealed(said("42")));
    }
    assertThat(((Verdict.Lease) decide()).missing()).isEqualTo(3);
  }

  @Test
  void weighsProvenMachinesAgainstManyStrangers() {
    for (String name : List.of("eve", "fay", "gus")) {
      add(name, STRANGER, State.COMMITTED);
      replicas.set(replicas.size() - 1, replicas.getLast().revealed(said("lie")));
    }
    for (String name : List.of("ada", "bob")) {
      add(name, new Standing(200, false), State.COMMITTED);
      replicas.set(replicas.size() - 1, replicas.getLast().revealed(said("42")));
    }
    var accepted = (Verdict.Accepted) decide();

    assertThat(accepted.outcome()).isEqualTo(said("42"));
    assertThat(accepted.dissenting()).hasSize(3);
  }

  @Test
  void givesUpWhereNoRoomIsLeftForAgreement() {
    for (int i = 0; i < 9; i++) {
      add("o" + i, STRANGER, State.COMMITTED);
      replicas.set(i, replicas.get(i).revealed(said("answer " + i)));
    }
    assertThat(decide()).isEqualTo(new Verdict.NoAgreement(Problem.NO_AGREEMENT));
  }

  private Verdict decide() {
    return Adaptive.decide(ONE_PERCENT, Adaptive.SABOTEURS, 9, replicas);
  }

  private void add(String name, Standing standing, State state) {
    int number = replicas.size();
    replicas.add(
        Replica.leased(replica(number), node(name + number), owner(name)).of(standing).in(state));
  }
}

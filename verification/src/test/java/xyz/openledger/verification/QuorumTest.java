package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.Cast.node;
import static xyz.openledger.verification.Cast.owner;
import static xyz.openledger.verification.Cast.quorum;
import static xyz.openledger.verification.Cast.replica;
import static xyz.openledger.verification.Cast.said;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Replica.State;

class QuorumTest {
  private final List<Replica> replicas = new ArrayList<>();
  private Policy.Verification verification = quorum(2, 5);

  @Test
  void leasesAsManyAsMustAgreeAndNoMore() {
    assertThat(decide()).isEqualTo(new Verdict.Lease(2, Set.of(), Set.of()));

    lease("ada");

    assertThat(decide()).isEqualTo(new Verdict.Lease(1, Set.of(owner("ada")), Set.of()));

    lease("bob");

    assertThat(decide()).isEqualTo(new Verdict.Wait());
  }

  @Test
  void asksNobodyToRevealUntilAllHaveCommitted() {
    lease("ada", "bob");
    commit(0);

    assertThat(decide()).isEqualTo(new Verdict.Wait());

    commit(1);

    assertThat(decide()).isEqualTo(new Verdict.Reveal(List.of(replica(0), replica(1))));
  }

  @Test
  void acceptsWhatEnoughOwnersSay() {
    lease("ada", "bob");
    reveal(0, said("42"));
    reveal(1, said("42"));

    assertThat(decide())
        .isEqualTo(new Verdict.Accepted(said("42"), Set.of(replica(0), replica(1)), Set.of()));
  }

  @Test
  void acceptsATrapThatEnoughOwnersMet() {
    var trap = new Outcome(Outcome.Status.TRAPPED, 0, 77, said("").outputDigest(), 0);
    lease("ada", "bob");
    reveal(0, trap);
    reveal(1, trap);

    assertThat(decide())
        .isInstanceOfSatisfying(
            Verdict.Accepted.class, accepted -> assertThat(accepted.outcome()).isEqualTo(trap));
  }

  @Test
  void takesTheFirstAnswerUnderTrusted() {
    verification = quorum(1, 1);
    lease("ada");
    reveal(0, said("42"));

    assertThat(decide()).isEqualTo(new Verdict.Accepted(said("42"), Set.of(replica(0)), Set.of()));
  }

  @Test
  void leasesOneMoreOnDisagreementAndRevealsItAtOnce() {
    lease("ada", "eve");
    reveal(0, said("42"));
    reveal(1, said("43"));

    assertThat(decide())
        .isEqualTo(new Verdict.Lease(1, Set.of(owner("ada"), owner("eve")), Set.of()));

    lease("bob");
    commit(2);

    assertThat(decide()).isEqualTo(new Verdict.Reveal(List.of(replica(2))));

    reveal(2, said("42"));

    assertThat(decide())
        .isEqualTo(
            new Verdict.Accepted(said("42"), Set.of(replica(0), replica(2)), Set.of(replica(1))));
  }

  @Test
  void givesUpOnceTheRemainingReplicasCannotAgree() {
    verification = quorum(2, 3);
    lease("ada", "bob", "eve");
    reveal(0, said("1"));
    reveal(1, said("2"));

    assertThat(decide()).isEqualTo(new Verdict.Wait());

    reveal(2, said("3"));

    assertThat(decide()).isEqualTo(new Verdict.NoAgreement(Problem.NO_AGREEMENT));
  }

  @Test
  void replacesALostReplicaWithoutCountingIt() {
    verification = quorum(2, 2);
    lease("ada", "bob");
    lose(1);

    assertThat(decide()).isEqualTo(new Verdict.Lease(1, Set.of(owner("ada")), Set.of()));
  }

  @Test
  void doesNotAskANodeThatLostTheTaskTwice() {
    lease("ada", "bob", "bob");
    lose(1);
    lose(2);

    assertThat(decide()).isEqualTo(new Verdict.Lease(1, Set.of(owner("ada")), Set.of(node("bob"))));
  }

  @Test
  void givesUpOnATaskThatNodesKeepLosing() {
    verification = quorum(1, 1);
    for (int i = 0; i <= Quorum.LOST_MAX; i++) {
      assertThat(decide()).isInstanceOf(Verdict.Lease.class);
      lease("node " + i);
      lose(i);
    }

    assertThat(decide()).isEqualTo(new Verdict.NoAgreement(Problem.NODE_LOST));
  }

  @Test
  void hearsAnOwnerOnceHoweverManyNodes() {
    replicas.add(Replica.leased(replica(0), node("first"), owner("eve")));
    replicas.add(Replica.leased(replica(1), node("second"), owner("eve")));
    reveal(0, said("43"));
    reveal(1, said("43"));

    assertThat(decide()).isEqualTo(new Verdict.Lease(1, Set.of(owner("eve")), Set.of()));
  }

  @Test
  void seesNoAgreementInATie() {
    lease("ada", "bob", "eve", "mallory");
    reveal(0, said("42"));
    reveal(1, said("42"));
    reveal(2, said("43"));
    reveal(3, said("43"));

    assertThat(decide())
        .isInstanceOfSatisfying(
            Verdict.Lease.class, lease -> assertThat(lease.count()).isEqualTo(1));
  }

  private Verdict decide() {
    return Quorum.decide(verification, replicas);
  }

  private void lease(String... names) {
    for (String name : names) {
      ReplicaId id = replica(replicas.size());
      replicas.add(Replica.leased(id, node(name), owner(name)));
    }
  }

  private void commit(int number) {
    replicas.set(number, replicas.get(number).in(State.COMMITTED));
  }

  private void lose(int number) {
    replicas.set(number, replicas.get(number).in(State.LOST));
  }

  private void reveal(int number, Outcome outcome) {
    replicas.set(number, replicas.get(number).revealed(outcome));
  }
}

package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.expression.Requirement;
import xyz.openledger.protocol.ProblemException;

class MembershipTest {
  private final long seed = Long.getLong("seed", Long.getLong("run.seed", 7));

  @Test
  void letsThoseWorkWhoMeetWhatThePoolAsksAndForgetsNobody() {
    var random = new SplittableRandom(seed);
    String expression = "node.cores >= 32 && node.architecture == \"amd64\"";
    Membership members = Membership.OPEN.under(expression);
    Roster all = World.roster(random, 60);
    for (Node node : all.nodes()) {
      members = members.with(node);
    }
    Requirement asked = Membership.requirement(expression);

    assertThat(members.admitted().nodes())
        .as("seed %d", seed)
        .isEqualTo(all.nodes().stream().filter(asked::test).toList());
    assertThat(members.outside()).isEqualTo(60 - members.admitted().nodes().size());
    assertThat(members.under(null).admitted().nodes()).isEqualTo(all.nodes());
    assertThat(members.under("node.cores > 60000").admitted().nodes()).isEmpty();
  }

  @Test
  void admitsNobodyUnderWhatCannotBeReadHere() {
    Membership members = Membership.OPEN.with(World.node("ada")).under("node.later > 3");

    assertThat(members.admitted().nodes()).isEmpty();
    assertThat(members.outside()).isEqualTo(1);
  }

  @Test
  void pointsAtWhatCannotBeReadAndRefusesWhatMoves() {
    assertThatThrownBy(() -> Membership.requirement("node.coars > 3"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("coars");
    assertThatThrownBy(() -> Membership.requirement("node.reputation > 6000"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("changes from one task to the next");
  }

  @Test
  void refusesWhatNoNodeCouldEverMeet() {
    assertThatThrownBy(() -> Membership.requirement("node.cores > 8 && node.cores < 4"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(
            "admits nobody: admit `node.cores > 8` at line 1, column 1 and admit `node.cores < 4`");
    assertThatThrownBy(() -> Membership.requirement("node.region in []"))
        .hasMessageContaining("admits nobody: no node can ever meet admit `node.region in []`");
  }
}

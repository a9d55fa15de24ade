package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.evm.Governor;
import xyz.openledger.chainanchor.evm.Proposal;
import xyz.openledger.chainanchor.evm.Standing;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.api.GovernanceBoard;
import xyz.openledger.protocol.api.GovernanceView;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.json.Json;

/** A member, its chain and its governor, all real: what is voted is obeyed if it can be. */
class VotedRulesTest {
  private static final String BAN =
      "{'classes':[{'labels':{'purpose':'mining'},'name':'mining','ruling':'banned'}],'epoch':1,"
          + "'vectors':[{'expected':'refused','labels':{'purpose':'mining'}}]}";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void whatIsVotedIsObeyedIfItCanBe() throws Exception {
    Path data = folder.resolve("data");
    VoteChapter.prepare(data);
    try (var network = new LocalNetwork(data, Programs.freePortBase())) {
      network.startMember(Cast.POOLS);
      Governor governor = new Governor(network.chain(), network.contracts());
      Wallet holder = network.requester();
      governor.wrap(holder, 200_000_000_000L);
      governor.delegate(holder, holder.address());
      network.client().network().setGovernance(Json.tree(json("{'epoch':7}")));

      decide(network, governor, 0, GovernedRules.read(json(BAN)).canonical());

      GovernanceView obeyed = governance(network, GovernanceBoard.Standing.FOLLOWED, 1);
      assertThat(obeyed.epoch()).as("an operator's higher epoch does not prevail").isEqualTo(1);
      assertThat(obeyed.ruleHash()).isEqualTo(GovernedRules.read(json(BAN)).hash());
      assertThat(obeyed.source()).isEqualTo("vote, proposal 1");
      refusesMining(network);
      assertThatThrownBy(
              () -> network.client().network().setGovernance(Json.tree(json("{'epoch':8}"))))
          .isInstanceOfSatisfying(
              MemberRefusal.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(Problem.WRONG_STATE.code());
                assertThat(refused.detail()).startsWith("governance epoch 1 was voted");
              });

      // The holders of GOPEN may vote for anything; a member obeys what it understands.
      decide(network, governor, 1, json("{'epoch':2,'weatherMin':5}"));

      GovernanceView kept = governance(network, GovernanceBoard.Standing.KEPT, 2);
      assertThat(kept.epoch()).isEqualTo(1);
      assertThat(Objects.requireNonNull(kept.board()).detail()).contains("weatherMin");
      refusesMining(network);

      network.killMember();
      network.startMember(Cast.POOLS);
      GovernanceView again = governance(network, GovernanceBoard.Standing.KEPT, 2);
      assertThat(again.epoch()).isEqualTo(1);
      refusesMining(network);

      Governor after = new Governor(network.chain(), network.contracts());
      decide(network, after, 2, json("{'epoch':3}"));
      assertThat(governance(network, GovernanceBoard.Standing.FOLLOWED, 3).source())
          .isEqualTo("vote, proposal 3");
    }
  }

  /** Proposes what follows an epoch, and has it executed. */
  private static void decide(LocalNetwork network, Governor governor, long epoch, byte[] rules)
      throws IOException {
    Wallet holder = network.requester();
    governor.propose(holder, epoch, rules, "Epoch " + (epoch + 1));
    Proposal proposal = governor.proposals().getLast();
    await("the vote", governor, proposal, Standing.State.ACTIVE);
    governor.vote(holder, proposal, Governor.Support.FOR);
    await("the decision", governor, proposal, Standing.State.SUCCEEDED);
    governor.queue(holder, proposal);
    LocalNetwork.await(
        "the timelock",
        () -> {
          Standing now = standing(governor, proposal);
          return now.etaSeconds() > 0 && now.nowSeconds() >= now.etaSeconds();
        });
    governor.execute(holder, proposal);
  }

  private static void await(
      String what, Governor governor, Proposal proposal, Standing.State state) {
    LocalNetwork.await(what, () -> standing(governor, proposal).state() == state);
  }

  private static Standing standing(Governor governor, Proposal proposal) {
    try {
      return governor.standing(proposal);
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    }
  }

  private static GovernanceView governance(
      LocalNetwork network, GovernanceBoard.Standing standing, long epoch) {
    var view = new GovernanceView[1];
    LocalNetwork.await(
        "epoch " + epoch + " to be " + standing,
        () -> {
          view[0] = network.client().network().governance();
          GovernanceBoard board = view[0].board();
          return board != null && board.standing() == standing && board.epoch() == epoch;
        });
    return view[0];
  }

  private static void refusesMining(LocalNetwork network) throws IOException {
    var examples = new Workloads(Demo.home().resolve("examples"), 600_000);
    JobSpec spec = examples.task("option-price", 0, "cheapest").spec();
    var mining =
        new JobSpec(
            spec.name(),
            Map.of("purpose", "mining"),
            spec.workload(),
            List.copyOf(spec.tasks()),
            spec.policy());
    assertThatThrownBy(() -> network.client().jobs().submit(mining))
        .isInstanceOfSatisfying(
            MemberRefusal.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("governance-forbids");
              assertThat(refused.detail())
                  .isEqualTo("governance epoch 1 bans work of class mining (proposal 1)");
            });
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}

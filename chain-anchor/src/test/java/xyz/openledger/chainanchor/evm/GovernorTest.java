package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.json.Json;

/** Votes on the real contracts; the chain's clock is set forward instead of waiting. */
class GovernorTest {
  private static final byte[] RULES = "{\"epoch\":1}".getBytes(StandardCharsets.UTF_8);

  @TempDir static Path folder;
  private static Anvil anvil;
  private static Governor governor;
  private static Board board;

  @BeforeAll
  static void start() throws IOException {
    anvil = Anvil.start(folder);
    anvil.automine(true);
    governor = new Governor(anvil.client, anvil.contracts);
    board = new Board(anvil.client, anvil.contracts);
    governor.wrap(anvil.deployer, 1_000_000_000_000L);
    governor.delegate(anvil.deployer, anvil.deployer.address());
    pass(1);
  }

  @AfterAll
  static void stop() {
    anvil.close();
  }

  @Test
  void saysByWhichTermsItDecides() throws IOException {
    assertThat(governor.terms()).isEqualTo(Anvil.TERMS);
    assertThat(governor.terms().isForDevelopment()).isTrue();
    assertThat(GovernanceTerms.NETWORK.isForDevelopment()).isFalse();
  }

  @Test
  void whatWasVotedIsOnTheBoardWithItsDocument() throws IOException {
    governor.propose(anvil.deployer, 0, RULES, "Nothing but an epoch");
    Proposal proposal = governor.proposals().getLast();
    assertThat(proposal.rules()).isEqualTo(RULES);
    assertThat(proposal.fromEpoch()).isZero();
    assertThat(proposal.description()).isEqualTo("Nothing but an epoch");
    assertThat(governor.standing(proposal).state()).isEqualTo(Standing.State.PENDING);

    pass(Anvil.TERMS.delaySeconds() + 1);
    assertThat(governor.hasVoted(anvil.deployer.address(), proposal)).isFalse();
    governor.vote(anvil.deployer, proposal, Governor.Support.FOR);
    Standing voted = governor.standing(proposal);
    assertThat(voted.state()).isEqualTo(Standing.State.ACTIVE);
    assertThat(voted.inFavourNanoOpen()).isEqualTo(1_000_000_000_000L);
    assertThat(voted.quorumNanoOpen()).isEqualTo(250_000_000_000L);
    assertThat(governor.hasVoted(anvil.deployer.address(), proposal)).isTrue();

    pass(Anvil.TERMS.periodSeconds());
    governor.queue(anvil.deployer, proposal);
    assertThat(governor.standing(proposal).state()).isEqualTo(Standing.State.QUEUED);
    pass(Anvil.TERMS.timelockSeconds());
    String transaction = governor.execute(anvil.deployer, proposal);

    assertThat(governor.standing(proposal).isOver()).isTrue();
    Board.Reading waiting = board.read(ChainClient.Tag.LATEST);
    assertThat(waiting.inForce().number()).isZero();
    assertThat(waiting.latest().ruleHash()).isEqualTo(Digest.of(RULES));
    pass(Anvil.TERMS.noticeSeconds());
    Board.Reading reading = board.read(ChainClient.Tag.LATEST);
    assertThat(reading.inForce()).isEqualTo(reading.latest());
    Board.Published published = board.published(reading.inForce()).orElseThrow();
    assertThat(published.rules()).isEqualTo(RULES);
    assertThat(published.transaction()).isEqualTo(transaction);
    assertThat(governor.executedBy(transaction)).contains(proposal);
  }

  @Test
  void nobodyButTheTimelockWritesTheBoard() throws IOException {
    var governance = Objects.requireNonNull(anvil.contracts.governance());
    Call publish = PolicyBoardAbi.publish(0, RULES);
    Call notice = PolicyBoardAbi.setNotice(0);

    for (Call call : List.of(publish, notice)) {
      assertThatThrownBy(() -> anvil.deployer.transact(governance.board(), call))
          .isInstanceOfSatisfying(
              RpcException.class, refused -> assertThat(refused.isRevert()).isTrue());
    }
    // Nor may the deployer have the timelock do it: it gave its part up.
    Call schedule =
        TimelockControllerAbi.grantRole(
            Digest.wrap(new byte[Digest.BYTES]), anvil.deployer.address());
    assertThatThrownBy(() -> anvil.deployer.transact(governance.timelock(), schedule))
        .isInstanceOf(RpcException.class);
  }

  @Test
  void whoDeployedTheContractsCanChangeNothingAnyMore() throws IOException {
    Contracts at = anvil.contracts;
    var governance = Objects.requireNonNull(at.governance());
    var itself = anvil.deployer.address();
    Map<Call, Address> changes = new LinkedHashMap<>();
    changes.put(AccessManagerAbi.grantRole(0, itself, 0), at.authority());
    changes.put(
        AccessManagerAbi.setTargetFunctionRole(
            governance.board(), List.of(PolicyBoardAbi.PUBLISH), 1),
        at.authority());
    changes.put(AccessManagerAbi.setTargetClosed(at.escrow(), true), at.authority());
    changes.put(EscrowAbi.setDistributor(itself, true), at.escrow());
    changes.put(NodeRegistryAbi.setTerms(BigInteger.ONE, 1), at.registry());
    changes.put(PoolRegistryAbi.setMinimumBond(BigInteger.ONE), governance.pools());
    changes.put(AnchorLogAbi.setAnchorer(itself), at.anchorLog());

    for (var change : changes.entrySet()) {
      assertThatThrownBy(() -> anvil.deployer.transact(change.getValue(), change.getKey()))
          .isInstanceOfSatisfying(
              RpcException.class, refused -> assertThat(refused.isRevert()).isTrue());
    }
    var role = anvil.client.ask(at.authority(), AccessManagerAbi.hasRole(0, governance.timelock()));
    assertThat(role.isMember()).as("the timelock administers").isTrue();
  }

  @Test
  void aProposalAboutSomethingElseIsListedAsSuch() throws IOException {
    var governance = Objects.requireNonNull(anvil.contracts.governance());
    byte[] nonsense = {1, 2, 3, 4, 5};
    anvil.deployer.transact(
        governance.governor(),
        OpenLedgerGovernorAbi.propose(
            List.of(governance.board()), List.of(BigInteger.ZERO), List.of(nonsense), "Nonsense"));

    Proposal proposal = governor.proposals().getLast();
    assertThat(proposal.isAboutRules()).isFalse();
    assertThat(proposal.description()).isEqualTo("Nonsense");
  }

  @Test
  void aDeploymentOfTheTimeBeforeGovernanceIsCompleted() throws IOException {
    Path file = folder.resolve("old.json");
    Contracts before =
        Deployment.deploy(
            anvil.client, anvil.deployer, Anvil.ORIGIN, Anvil.STAKE_NANO_OPEN, Currency.TOKEN, 0);
    String old = Json.pretty(before);
    assertThat(old).doesNotContain("governance");
    Files.writeString(file, old);

    Contracts completed =
        Deployment.ensure(
            anvil.client,
            anvil.deployer,
            file,
            Anvil.ORIGIN,
            Anvil.STAKE_NANO_OPEN,
            Anvil.TERMS,
            Currency.TOKEN);

    assertThat(completed.anchorLog()).isEqualTo(before.anchorLog());
    assertThat(completed.governance()).isNotNull().isNotEqualTo(anvil.contracts.governance());
    assertThat(completed.byName()).containsKeys("PolicyBoard", "DisputeCourt", "GovOpen");
    assertThat(Json.read(Files.readAllBytes(file), Contracts.class)).isEqualTo(completed);
  }

  /** Lets time pass on the chain. */
  private static void pass(long seconds) throws IOException {
    anvil.client.rpc().call("evm_increaseTime", Words.quantity(seconds));
    anvil.mine();
  }
}

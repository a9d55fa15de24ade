package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.chainanchor.evm.Proposal;
import xyz.openledger.chainanchor.evm.Standing;
import xyz.openledger.cluster.cli.ProposalText.Step;
import xyz.openledger.protocol.Address;

/** A proposal tells what comes next, and when. */
class ProposalTextTest {
  private static final long OPEN = 1_000_000_000;
  private static final Proposal PROPOSAL =
      new Proposal(
          3,
          BigInteger.TEN,
          new Address("0x" + "11".repeat(Address.BYTES)),
          100,
          130,
          0,
          new byte[] {1},
          "Ban mining");

  @ParameterizedTest(name = "{1} while {0} at {2}")
  @CsvSource({
    "PENDING, VOTE, 97, 4",
    "PENDING, VOTE, 101, 1",
    "ACTIVE, VOTE, 110, 0",
    "SUCCEEDED, VOTE, 140, -1",
    "ACTIVE, QUEUE, 110, 21",
    "SUCCEEDED, QUEUE, 140, 0",
    "DEFEATED, QUEUE, 140, -1",
    "QUEUED, QUEUE, 140, -1",
    "SUCCEEDED, EXECUTE, 140, -1",
    "QUEUED, EXECUTE, 140, 10",
    "QUEUED, EXECUTE, 151, 0",
    "EXECUTED, EXECUTE, 160, -1",
  })
  void aStepCanBeDoneInItsTime(Standing.State state, Step step, long now, long seconds) {
    assertThat(ProposalText.secondsUntil(step, PROPOSAL, standing(state, now, 0)))
        .isEqualTo(seconds);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          PENDING   ~ in 4.0 s         ~ openledger gov vote 3 for --wait
          ACTIVE    ~ for another 34.0 s ~ openledger gov vote 3 for; when voting has ended: openledger gov queue 3
          SUCCEEDED ~ accepted         ~ openledger gov queue 3
          QUEUED    ~ in 53.0 s        ~ openledger gov execute 3 --wait
          """)
  void saysHowLongAStateLastsAndWhatIsNext(Standing.State state, String says, String next) {
    Standing standing = standing(state, 97, 0);

    assertThat(ProposalText.state(PROPOSAL, standing)).contains(says);
    assertThat(ProposalText.next(PROPOSAL, standing)).isEqualTo(next);
  }

  @Test
  void saysWhyAProposalWasDefeated() {
    assertThat(ProposalText.state(PROPOSAL, standing(Standing.State.DEFEATED, 140, 5 * OPEN)))
        .isEqualTo("defeated: 2 GOPEN for it or in abstention, and the quorum is 5");
    assertThat(ProposalText.state(PROPOSAL, standing(Standing.State.DEFEATED, 140, OPEN)))
        .isEqualTo("defeated: 2 GOPEN for it, and 3 against");
    assertThat(ProposalText.next(PROPOSAL, standing(Standing.State.DEFEATED, 140, OPEN))).isEmpty();
  }

  private static Standing standing(Standing.State state, long now, long quorumNanoOpen) {
    return new Standing(state, 2 * OPEN, 3 * OPEN, 0, quorumNanoOpen, 150, now);
  }
}

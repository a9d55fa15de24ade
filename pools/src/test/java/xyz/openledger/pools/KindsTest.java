package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Policy;

/** Requests that stand alike with every node are one kind. */
class KindsTest {
  private static final Policy CHEAP = World.cheapest(1);
  private static final Policy QUICK =
      World.policy(new Policy.Weights(0, 100, 0, 0), World.anything(), 1);

  private final Cell cell = new Cell();

  @Test
  void fuelAndMoneyMakeNoDifferenceWhileTheMoneyCoversTheDearestNode() {
    cell.put(World.priced("ada", 1_000_000));

    assertThat(kind(CHEAP, 1, 1_000_000_000)).isEqualTo(kind(CHEAP, 7, 1_000_000_001));
    assertThat(kind(CHEAP, 1, 1_000_000_000)).isNotEqualTo(kind(CHEAP, 1, 900_000));
  }

  @Test
  void theFuelCountsWhereTheSoonestDoneIsPreferred() {
    cell.put(World.priced("ada", 1_000_000));

    assertThat(kind(QUICK, 1, 1_000_000_000)).isEqualTo(kind(QUICK, 1, 1_000_000_001));
    assertThat(kind(QUICK, 1, 1_000_000_000)).isNotEqualTo(kind(QUICK, 2, 1_000_000_000));
  }

  @Test
  void theChipsThatMayVouchForAnAnswerAreAskedOfNodes() {
    cell.put(World.priced("ada", 1_000_000));
    var chips =
        new Policy.Attestation(List.of(Digest.of(new byte[1])), List.of("ab".repeat(48)), null);
    var vouched = new Policy.Verification(Policy.Method.TEE, null, null, null, null, null, chips);
    var policy = new Policy(CHEAP.objective(), CHEAP.limits(), vouched, null);

    assertThat(kind(policy, 1, 1_000_000_000).policy().verification().attestation())
        .isEqualTo(chips);
  }

  @Test
  void aDearerNodeTellsApartWhatWasAlike() {
    cell.put(World.priced("ada", 1_000_000));
    assertThat(kind(CHEAP, 1, 2_000_000)).isEqualTo(kind(CHEAP, 1, 3_000_000));

    cell.put(World.priced("bob", 2_500_000));

    assertThat(kind(CHEAP, 1, 2_000_000)).isNotEqualTo(kind(CHEAP, 1, 3_000_000));
  }

  @Test
  void whatANodeMayAskOfAJobIsLeftAsItIsWhileOneAsksAnything() {
    cell.put(World.priced("ada", 1_000_000).under(new OwnTerms("job.fuelMax < 9", "")));

    assertThat(kind(CHEAP, 1, 1_000_000_000)).isNotEqualTo(kind(CHEAP, 7, 1_000_000_000));
  }

  private Request kind(Policy policy, long fuel, long budget) {
    return Kinds.of(
        World.request(1, policy).asking(policy, fuel * World.GIGAFUEL, budget * fuel), cell);
  }
}

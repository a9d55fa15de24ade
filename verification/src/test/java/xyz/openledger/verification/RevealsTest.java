package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.Cast.digest;
import static xyz.openledger.verification.Cast.node;
import static xyz.openledger.verification.Cast.owner;
import static xyz.openledger.verification.Cast.replica;
import static xyz.openledger.verification.Cast.said;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt.SignedStatement;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.ResultStatement.Court;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.merkle.MerkleTree;
import xyz.openledger.verification.Reveal.Expected;

class RevealsTest {
  private static final Secp256k1Key KEY = Secp256k1Key.of(digest("ada's result key").bytes());
  private static final NodeId ADA = node("ada");
  private static final Court COURT = new Court(901, owner("registry"));
  private static final Digest TASK = digest("task");
  private static final Digest SALT = digest("salt");
  private static final Finding OK = new Finding.Ok();

  @Test
  void aRevealFitsItsLeaseAndItsCommitment() {
    assertThat(Reveals.reveal(expected(said("42")), reveal(3, said("42")))).isEqualTo(OK);
  }

  @Test
  void aRevealThatDiffersFromItsCommitmentIsRefused() {
    var committed = expected(said("42"));
    var otherSalt = new Reveal(replica(3), 9, TASK, said("42"), digest("another salt"));

    assertRefused(Reveals.reveal(committed, reveal(3, said("43"))), Problem.DIGEST_MISMATCH);
    assertRefused(Reveals.reveal(committed, otherSalt), Problem.DIGEST_MISMATCH);
  }

  @Test
  void aCommitmentCopiedFromAnotherNodeIsWorthless() {
    var copied =
        new Expected(replica(3), node("eve"), 9, TASK, 10_000, 100, commitment(said("42")));

    assertRefused(Reveals.reveal(copied, reveal(3, said("42"))), Problem.DIGEST_MISMATCH);
  }

  @Test
  void aLateFenceIsRefused() {
    for (long fence : new long[] {8, 10}) {
      var late = new Reveal(replica(3), fence, TASK, said("42"), SALT);

      assertRefused(Reveals.reveal(expected(said("42")), late), Problem.STALE_FENCE);
    }
  }

  @Test
  void anotherReplicaOrTaskIsRefused() {
    var otherTask = new Reveal(replica(3), 9, digest("other"), said("42"), SALT);

    assertRefused(Reveals.reveal(expected(said("42")), reveal(4, said("42"))), Problem.NOT_FOUND);
    assertRefused(Reveals.reveal(expected(said("42")), otherTask), Problem.CODE_MISMATCH);
  }

  @Test
  void whatNoHonestRunCanComeToIsRefused() {
    Digest out = digest("42");
    var impossible =
        List.of(
            new Outcome(Outcome.Status.FINISHED, 0, 10_001, out, 2),
            new Outcome(Outcome.Status.FINISHED, 0, -1, out, 2),
            new Outcome(Outcome.Status.FINISHED, 0, 1, out, 101),
            new Outcome(Outcome.Status.FINISHED, 0, 1, out, -1),
            new Outcome(Outcome.Status.TRAPPED, 3, 1, out, 2));

    assertThat(impossible)
        .allSatisfy(
            outcome ->
                assertRefused(
                    Reveals.reveal(expected(outcome), reveal(3, outcome)),
                    Problem.PROTOCOL_VIOLATION));
  }

  @Test
  void aSingleReplicaNeedsNoCommitment() {
    var alone = new Expected(replica(3), ADA, 9, TASK, 10_000, 100, null);

    assertThat(Reveals.reveal(alone, reveal(3, said("42")))).isEqualTo(OK);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 8, 256})
  void eachRevealOfABatchIsProvedOnItsOwn(int count) {
    var batch = batch(count);

    var signed = Reveals.statements(batch);

    for (int i = 0; i < count; i++) {
      assertThat(proves(signed.get(i), batch.reveals().get(i))).isTrue();
      assertThat(proves(signed.get(i), reveal(i, said("43")))).isFalse();
      assertThat(signed.get(i).signature()).isEqualTo(batch.signature());
    }
  }

  private static boolean proves(SignedStatement signed, Reveal reveal) {
    return MerkleTree.verifyInclusion(
        reveal.statement().leafHash(),
        signed.index(),
        signed.count(),
        signed.proof(),
        signed.root());
  }

  private static SignedBatch batch(int count) {
    return sign(IntStream.range(0, count).mapToObj(i -> reveal(i, said("42"))).toList());
  }

  private static SignedBatch sign(List<Reveal> reveals) {
    Digest root = root(reveals);
    byte[] signature = KEY.sign(ResultStatement.hash(COURT, ADA, root, reveals.size()));
    return new SignedBatch(ADA, reveals, root, HexFormat.of().formatHex(signature));
  }

  private static Digest root(List<Reveal> reveals) {
    return ResultStatement.root(reveals.stream().map(Reveal::statement).toList());
  }

  private static Reveal reveal(int number, Outcome outcome) {
    return new Reveal(replica(number), 9, TASK, outcome, SALT);
  }

  private static Expected expected(Outcome committed) {
    return new Expected(replica(3), ADA, 9, TASK, 10_000, 100, commitment(committed));
  }

  private static Digest commitment(Outcome outcome) {
    return Commitment.of(replica(3), ADA, outcome.digest(), SALT.bytes());
  }

  private static void assertRefused(Finding finding, Problem problem) {
    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Refused.class, refused -> assertThat(refused.problem()).isEqualTo(problem));
  }
}

package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.verification.Cast.digest;
import static xyz.openledger.verification.Cast.node;
import static xyz.openledger.verification.Cast.owner;
import static xyz.openledger.verification.Cast.replica;
import static xyz.openledger.verification.Cast.said;

import java.util.ArrayList;
import java.util.Collections;
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
import xyz.openledger.verification.Reveals.Inclusion;

class RevealsTest {
  private static final Secp256k1Key KEY = Secp256k1Key.of(digest("ada's result key").bytes());
  private static final NodeId ADA = node("ada");
  private static final Court COURT = new Court(901, owner("registry"));
  private static final Digest TASK = digest("task");
  private static final Digest SALT = digest("salt");
  private static final Finding OK = new Finding.Ok();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 256})
  void aBatchStandsUnderTheNodesOwnSignature(int count) {
    assertThat(check(batch(count))).isEqualTo(OK);
  }

  @Test
  void aBatchWithAChangedRevealIsRefused() {
    var honest = batch(5);
    for (int i = 0; i < 5; i++) {
      var reveals = new ArrayList<>(honest.reveals());
      reveals.set(i, reveal(i, said("43")));
      var changed = new SignedBatch(ADA, reveals, honest.root(), honest.signature());

      assertRefused(check(changed), Problem.DIGEST_MISMATCH);
      assertRefused(check(rooted(changed)), Problem.BAD_SIGNATURE);
    }
  }

  @Test
  void aBatchInAnotherOrderIsRefused() {
    var honest = batch(5);
    var reversed =
        new SignedBatch(ADA, honest.reveals().reversed(), honest.root(), honest.signature());

    assertRefused(check(reversed), Problem.DIGEST_MISMATCH);
  }

  @Test
  void aBatchOfAnotherNodeCourtOrKeyIsRefused() {
    var honest = batch(2);
    var asBob = new SignedBatch(node("bob"), honest.reveals(), honest.root(), honest.signature());
    var elsewhere = new Court(1, COURT.registry());

    assertRefused(check(asBob), Problem.BAD_SIGNATURE);
    assertRefused(Reveals.batch(elsewhere, KEY.address(), honest), Problem.BAD_SIGNATURE);
    assertRefused(Reveals.batch(COURT, owner("bob"), honest), Problem.BAD_SIGNATURE);
  }

  @Test
  void everyFlippedBitOfASignatureIsRefused() {
    var honest = batch(1);
    byte[] signature = HexFormat.of().parseHex(honest.signature());
    for (int bit = 0; bit < signature.length * 8; bit += 5) {
      byte[] flipped = flip(signature, bit);
      var forged =
          new SignedBatch(ADA, honest.reveals(), honest.root(), HexFormat.of().formatHex(flipped));

      assertRefused(check(forged), Problem.BAD_SIGNATURE);
    }
  }

  @Test
  void aSignatureThatIsNoneIsRefused() {
    var honest = batch(1);
    for (String signature : List.of("", "zz", "00", "0x" + honest.signature())) {
      var forged = new SignedBatch(ADA, honest.reveals(), honest.root(), signature);

      assertRefused(check(forged), Problem.BAD_SIGNATURE);
    }
  }

  @Test
  void aBatchIsBounded() {
    assertRefused(check(sign(List.of())), Problem.PROTOCOL_VIOLATION);
    assertRefused(
        check(sign(Collections.nCopies(257, reveal(0, said("42"))))), Problem.PROTOCOL_VIOLATION);
  }

  @Test
  void aReplicaStandsInABatchOnce() {
    var batch = sign(List.of(reveal(0, said("42")), reveal(0, said("43"))));

    assertRefused(check(batch), Problem.PROTOCOL_VIOLATION);
  }

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

  @Test
  void aStatementIsProvedOnItsOwnAndNoFlippedProofIsAccepted() {
    checkProofs(MerkleTree::verifyInclusion);
  }

  @Test
  void aStatementOfABatchThatIsTooLargeIsRefused() {
    var batch = batch(257);

    assertRefused(
        prove(
            batch.reveals().get(0).statement(),
            Reveals.statements(batch).get(0),
            MerkleTree::verifyInclusion),
        Problem.DIGEST_MISMATCH);
  }

  @Test
  void acceptingAFlippedProofIsCaught() {
    assertThatThrownBy(() -> checkProofs((_, _, _, _, _) -> true))
        .isInstanceOf(AssertionError.class);
  }

  private static void checkProofs(Inclusion inclusion) {
    for (int count : new int[] {1, 2, 5, 8}) {
      var batch = batch(count);
      var signed = Reveals.statements(batch);
      for (int i = 0; i < count; i++) {
        var statement = batch.reveals().get(i).statement();
        assertThat(prove(statement, signed.get(i), inclusion)).isEqualTo(OK);
        checkForgeries(statement, signed.get(i), inclusion);
      }
    }
  }

  private static void checkForgeries(
      ResultStatement statement, SignedStatement signed, Inclusion inclusion) {
    var lie =
        new ResultStatement(
            statement.replica(), statement.task(), said("43").digest(), statement.fence());
    assertRefused(prove(lie, signed, inclusion));
    for (int i = 0; i < signed.proof().size(); i++) {
      for (int bit = 0; bit < 256; bit += 37) {
        var proof = new ArrayList<>(signed.proof());
        proof.set(i, Digest.wrap(flip(proof.get(i).bytes(), bit)));
        assertRefused(prove(statement, with(signed, signed.index(), proof), inclusion));
      }
    }
    for (int index = -1; index <= signed.count(); index++) {
      if (index != signed.index()) {
        assertRefused(prove(statement, with(signed, index, signed.proof()), inclusion));
      }
    }
  }

  private static SignedStatement with(SignedStatement signed, int index, List<Digest> proof) {
    return new SignedStatement(signed.root(), signed.count(), index, proof, signed.signature());
  }

  private static Finding prove(
      ResultStatement statement, SignedStatement signed, Inclusion inclusion) {
    return Reveals.statement(COURT, ADA, KEY.address(), statement, signed, inclusion);
  }

  private static Finding check(SignedBatch batch) {
    return Reveals.batch(COURT, KEY.address(), batch);
  }

  private static SignedBatch batch(int count) {
    return sign(IntStream.range(0, count).mapToObj(i -> reveal(i, said("42"))).toList());
  }

  private static SignedBatch sign(List<Reveal> reveals) {
    Digest root = root(reveals);
    byte[] signature = KEY.sign(ResultStatement.hash(COURT, ADA, root, reveals.size()));
    return new SignedBatch(ADA, reveals, root, HexFormat.of().formatHex(signature));
  }

  private static SignedBatch rooted(SignedBatch batch) {
    return new SignedBatch(batch.node(), batch.reveals(), root(batch.reveals()), batch.signature());
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

  private static byte[] flip(byte[] bytes, int bit) {
    byte[] flipped = bytes.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }

  private static void assertRefused(Finding finding, Problem problem) {
    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Refused.class, refused -> assertThat(refused.problem()).isEqualTo(problem));
  }

  private static void assertRefused(Finding finding) {
    assertThat(finding).isInstanceOf(Finding.Refused.class);
  }
}

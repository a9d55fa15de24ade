package xyz.openledger.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Outcome.Status;

/** What is hashed, and that no two things share a hash. */
class HashesTest {
  private static final ReplicaId REPLICA = ReplicaId.parse("job-aaaaaaaaaaaaaaaaaaaaaaaaaa/0/r0");
  private static final NodeId ADA = NodeId.of(new byte[] {1});
  private static final NodeId BOB = NodeId.of(new byte[] {2});

  @Test
  void aDigestIsTheSha256OfItsPartsInARow() {
    assertThat(Digest.of("a".getBytes(UTF_8), "bc".getBytes(UTF_8)))
        .hasToString("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(Digest.of())
        .hasToString("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void aDigestIsReadAsItIsWritten() {
    var random = new SplittableRandom(1);
    List<Digest> digests = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = new byte[32];
      random.nextBytes(bytes);
      var digest = Digest.wrap(bytes);
      assertThat(digest.bytes()).isEqualTo(bytes);
      assertThat(Digest.parse(digest.toString())).isEqualTo(digest);
      digests.add(digest);
    }
    digests.sort(null);
    assertThat(digests).isSortedAccordingTo(Comparator.comparing(Digest::hex));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256:",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ag",
        "sha512:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
      })
  void anythingElseIsNoDigest(String text) {
    assertThatThrownBy(() -> Digest.parse(text)).isInstanceOf(ProblemException.class);
  }

  @Test
  void aDigestHas32Bytes() {
    assertThatThrownBy(() -> Digest.wrap(new byte[31])).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> Digest.wrap(new byte[33])).isInstanceOf(ProblemException.class);
  }

  @Test
  void differentFieldsNeverShareADomainHash() {
    assertDistinct(
        Domain.of("a").text("bc").digest(),
        Domain.of("ab").text("c").digest(),
        Domain.of("a").text("b").text("c").digest(),
        Domain.of("a").texts(List.of("b", "c")).digest(),
        Domain.of("a").texts(List.of("bc")).digest(),
        Domain.of("a").texts(List.of("bc", "")).digest(),
        Domain.of("a").int32(1).digest(),
        Domain.of("a").int64(1).digest(),
        Domain.of("a").int32(0).int32(1).int32(0).digest(),
        Domain.of("a").bytes(new byte[32]).digest(),
        Domain.of("a").digest(Receipt.NO_RULES).digest());
  }

  @Test
  void aDomainHashIsThatOfItsDocumentedBytes() {
    byte[] bytes = "openledger/kind/v1\n\0\0\0\2\u00e9\0\0\0\7\0\0\0\0\0\0\0\b".getBytes(UTF_8);

    assertThat(Domain.of("kind").text("\u00e9").int32(7).int64(8).digest())
        .isEqualTo(Digest.of(bytes));
  }

  @Test
  void everyFieldOfAnOutcomeCounts() {
    var digest = Digest.of(new byte[] {1});
    assertDistinct(
        new Outcome(Status.FINISHED, 0, 5, digest, 9).digest(),
        new Outcome(Status.TRAPPED, 0, 5, digest, 9).digest(),
        new Outcome(Status.FUEL_EXHAUSTED, 0, 5, digest, 9).digest(),
        new Outcome(Status.OUTPUT_EXCEEDED, 0, 5, digest, 9).digest(),
        new Outcome(Status.FINISHED, 1, 5, digest, 9).digest(),
        new Outcome(Status.FINISHED, 0, 6, digest, 9).digest(),
        new Outcome(Status.FINISHED, 0, 5, Digest.of(), 9).digest(),
        new Outcome(Status.FINISHED, 0, 5, digest, 8).digest());
  }

  @Test
  void aCommitmentBindsReplicaNodeOutcomeAndSalt() {
    var outcome = Digest.of(new byte[] {1});
    byte[] salt = new byte[32];
    byte[] other = new byte[32];
    other[31] = 1;
    assertDistinct(
        Commitment.of(REPLICA, ADA, outcome, salt),
        Commitment.of(new ReplicaId(REPLICA.task(), 1), ADA, outcome, salt),
        Commitment.of(REPLICA, BOB, outcome, salt),
        Commitment.of(REPLICA, ADA, Digest.of(), salt),
        Commitment.of(REPLICA, ADA, outcome, other));
    assertThatThrownBy(() -> Commitment.of(REPLICA, ADA, outcome, new byte[31]))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("32 bytes");
  }

  @Test
  void everyFieldOfATaskCounts() {
    var code = Digest.of(new byte[] {1});
    var input = Digest.of(new byte[] {2});
    assertDistinct(
        TaskIdentity.of(code, List.of("a"), input, 1, 2, 3),
        TaskIdentity.of(input, List.of("a"), code, 1, 2, 3),
        TaskIdentity.of(code, List.of(), input, 1, 2, 3),
        TaskIdentity.of(code, List.of("a", ""), input, 1, 2, 3),
        TaskIdentity.of(code, List.of("a"), input, 2, 2, 3),
        TaskIdentity.of(code, List.of("a"), input, 1, 3, 3),
        TaskIdentity.of(code, List.of("a"), input, 1, 2, 4));
  }

  @Test
  void abiWordsFillFromTheirSide() {
    byte[] words =
        AbiWords.of(3)
            .uint(0x0102)
            .bytes(new byte[] {3, 4})
            .address(Address.parse("0x00000000000000000000000000000000000000ff"))
            .encode();

    assertThat(words).hasSize(96);
    assertThat(Arrays.copyOfRange(words, 30, 34)).containsExactly(1, 2, 3, 4);
    assertThat(words[95]).isEqualTo((byte) 0xff);
    for (int i = 0; i < words.length; i++) {
      assertThat(words[i] == 0 || i == 30 || i == 31 || i == 32 || i == 33 || i == 95).isTrue();
    }
  }

  @Test
  void abiWordsRefuseWhatDoesNotFit() {
    assertThatThrownBy(() -> AbiWords.of(1).uint(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AbiWords.of(2).bytes(new byte[33]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AbiWords.of(2).uint(1).encode())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void everyFieldOfAStatementCounts() {
    var task = Digest.of(new byte[] {1});
    var outcome = Digest.of(new byte[] {2});
    assertDistinct(
        new ResultStatement(REPLICA, task, outcome, 1).leafHash(),
        new ResultStatement(new ReplicaId(REPLICA.task(), 1), task, outcome, 1).leafHash(),
        new ResultStatement(REPLICA, outcome, task, 1).leafHash(),
        new ResultStatement(REPLICA, task, task, 1).leafHash(),
        new ResultStatement(REPLICA, task, outcome, 2).leafHash());
  }

  @Test
  void aSignatureCountsForOneCourtNodeRootAndCount() {
    var registry = Address.of(new byte[20]);
    var court = new ResultStatement.Court(1, registry);
    var root = Digest.of(new byte[] {1});
    assertDistinct(
        Digest.wrap(ResultStatement.hash(court, ADA, root, 1)),
        Digest.wrap(ResultStatement.hash(new ResultStatement.Court(2, registry), ADA, root, 1)),
        Digest.wrap(
            ResultStatement.hash(
                new ResultStatement.Court(1, Address.parse("0x" + "11".repeat(20))), ADA, root, 1)),
        Digest.wrap(ResultStatement.hash(court, BOB, root, 1)),
        Digest.wrap(ResultStatement.hash(court, ADA, Digest.of(), 1)),
        Digest.wrap(ResultStatement.hash(court, ADA, root, 2)));
  }

  private static void assertDistinct(Digest... digests) {
    Set<Digest> distinct = new HashSet<>(List.of(digests));
    assertThat(distinct).hasSize(digests.length);
  }
}

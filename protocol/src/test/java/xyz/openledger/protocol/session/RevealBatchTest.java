package xyz.openledger.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.ResultStatement.Court;
import xyz.openledger.protocol.keys.Secp256k1Key;

class RevealBatchTest {
  private static final Court COURT = new Court(901, Address.of(new byte[20]));
  private static final Secp256k1Key KEY = Secp256k1Key.of(number(1).bytes());
  private static final NodeId ADA = NodeId.of(number(2).bytes());
  private static final NodeId BOB = NodeId.of(number(3).bytes());

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 256})
  void standsUnderTheNodesOwnSignature(int count) {
    assertThat(isAdas(batch(count))).isTrue();
  }

  @Test
  void withAChangedRevealIsNotSigned() {
    var honest = batch(5);
    for (int i = 0; i < 5; i++) {
      for (Reveal lie : List.of(reveal(i, 43, 9, 7), reveal(i, 42, 8, 7), reveal(i, 42, 9, 6))) {
        var reveals = new ArrayList<>(honest.reveals());
        reveals.set(i, lie);

        assertThat(isAdas(new RevealBatch(reveals, honest.root(), honest.signature()))).isFalse();
        assertThat(isAdas(new RevealBatch(reveals, root(reveals), honest.signature()))).isFalse();
      }
    }
  }

  @Test
  void inAnotherOrderIsNotSigned() {
    var honest = batch(5);

    assertThat(
            isAdas(new RevealBatch(honest.reveals().reversed(), honest.root(), honest.signature())))
        .isFalse();
  }

  @Test
  void ofAnotherNodeCourtOrKeyIsNotSigned() {
    var honest = batch(2);

    assertThat(honest.isSignedBy(KEY.address(), BOB, COURT)).isFalse();
    assertThat(honest.isSignedBy(KEY.address(), ADA, new Court(1, COURT.registry()))).isFalse();
    assertThat(honest.isSignedBy(Address.of(new byte[20]), ADA, COURT)).isFalse();
  }

  @Test
  void withAFlippedBitInItsSignatureIsNotSigned() {
    var honest = batch(1);
    for (int bit = 0; bit < 65 * 8; bit += 5) {
      byte[] flipped = honest.signature().toByteArray();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);

      assertThat(
              isAdas(
                  new RevealBatch(honest.reveals(), honest.root(), ByteString.copyFrom(flipped))))
          .as("bit " + bit)
          .isFalse();
    }
  }

  @Test
  void isBounded() {
    assertThatThrownBy(() -> batch(257)).hasMessageContaining("reveals");
    assertThatThrownBy(() -> new RevealBatch(List.of(), Digest.of(), batch(1).signature()))
        .hasMessageContaining("reveals");
    assertThatThrownBy(
            () ->
                new RevealBatch(
                    batch(1).reveals(), Digest.of(), ByteString.copyFrom(number(1).bytes())))
        .hasMessageContaining("signature");
  }

  @Test
  void holdsAReplicaOnce() {
    assertThatThrownBy(() -> sign(List.of(reveal(0, 42, 9, 7), reveal(0, 43, 9, 7))))
        .hasMessageContaining("is there twice");
  }

  private static boolean isAdas(RevealBatch batch) {
    return batch.isSignedBy(KEY.address(), ADA, COURT);
  }

  private static RevealBatch batch(int count) {
    return sign(IntStream.range(0, count).mapToObj(i -> reveal(i, 42, 9, 7)).toList());
  }

  private static RevealBatch sign(List<Reveal> reveals) {
    return RevealBatch.sign(reveals, ADA, COURT, KEY);
  }

  private static Digest root(List<Reveal> reveals) {
    return ResultStatement.root(reveals.stream().map(Reveal::statement).toList());
  }

  private static Reveal reveal(int replica, long output, long fence, long task) {
    return new Reveal(
        ReplicaId.parse("job-" + "a".repeat(26) + "/0/r" + replica),
        fence,
        number(task),
        new Outcome(Outcome.Status.FINISHED, 0, 5, number(output), 32),
        null,
        ByteString.EMPTY,
        1,
        "");
  }

  private static Digest number(long number) {
    return new Digest(0, 0, 0, number);
  }
}

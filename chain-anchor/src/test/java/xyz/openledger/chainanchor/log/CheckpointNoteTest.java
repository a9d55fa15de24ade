package xyz.openledger.chainanchor.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.merkle.MerkleTree;

class CheckpointNoteTest {
  private static final Ed25519Key KEY = Ed25519Key.of(new byte[32]);
  private static final Checkpoint CHECKPOINT =
      new Checkpoint("openledger.xyz/log/test", 7, MerkleTree.EMPTY);
  private static final LogKey LOG_KEY = LogKey.of(CHECKPOINT.origin(), KEY.publicKey());

  @Test
  void isReadBackAsItWasWritten() {
    var note = CheckpointNote.sign(CHECKPOINT, KEY);

    assertThat(CheckpointNote.parse(note.text())).isEqualTo(note);
    assertThat(note.isSignedBy(LOG_KEY)).isTrue();
    assertThat(LogKey.parse(LOG_KEY.toString()).toString()).isEqualTo(LOG_KEY.toString());
  }

  /** The example in the documentation of Go's note package, where the format comes from. */
  @Test
  void agreesWithThePublishedExample() {
    var key = LogKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    String text =
        "If you think cryptography is the answer to your problem,\n"
            + "then you don't know what your problem is.\n";
    byte[] signature =
        Base64.getDecoder()
            .decode(
                "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=");

    assertThat(Arrays.copyOf(signature, 4)).isEqualTo(key.hash());
    assertThat(key.verifies(text.getBytes(UTF_8), Arrays.copyOfRange(signature, 4, 68))).isTrue();
  }

  @Test
  void refusesAKeyWhoseHashDoesNotFit() {
    assertThatThrownBy(
            () ->
                LogKey.parse("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"))
        .hasMessageContaining("hash does not fit");
  }

  @Test
  void anotherKeyOfTheSameNameDidNotSignIt() {
    var note = CheckpointNote.sign(CHECKPOINT, KEY);

    var other = LogKey.of(CHECKPOINT.origin(), Ed25519Key.generate().publicKey());

    assertThat(note.isSignedBy(other)).isFalse();
  }

  @Test
  void everyFlippedBitIsRefusedOrUnsigned() {
    byte[] note = CheckpointNote.sign(CHECKPOINT, KEY).text().getBytes(UTF_8);
    for (int bit = 0; bit < 8 * note.length; bit++) {
      byte[] flipped = note.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      boolean signed;
      try {
        signed = CheckpointNote.parse(new String(flipped, UTF_8)).isSignedBy(LOG_KEY);
      } catch (IllegalArgumentException refused) {
        signed = false;
      }
      assertThat(signed).as("bit %d", bit).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "o\n1\n\n\n",
        "o\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— o AAAAAAA=\n",
        "o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n\n— o AAAAAAA=\n",
        "o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextra\n\n— o AAAAAAA=\n",
        "o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— o AAA=\n",
        "o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n- o AAAAAAA=\n"
      })
  void refusesWhatIsNotANote(String text) {
    assertThatThrownBy(() -> CheckpointNote.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

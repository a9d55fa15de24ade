package xyz.openledger.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ed25519KeyTest {
  /** What stands before the 32 bytes of a public key in RFC 8410. */
  private static final byte[] PUBLIC_PREFIX = hex("302a300506032b6570032100");

  @ParameterizedTest
  @CsvSource({
    // RFC 8032, section 7.1: seed, public key, message, signature.
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
        + "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
        + "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
  })
  void keepsToRfc8032(String seed, String publicKey, String message, String signature) {
    var key = Ed25519Key.of(hex(seed));

    assertThat(key.publicKey()).isEqualTo(hex(publicKey));
    assertThat(key.sign(hex(message))).isEqualTo(hex(signature));
    assertThat(Ed25519Key.verify(hex(publicKey), hex(message), hex(signature))).isTrue();
  }

  @Test
  void theJdkAgreesOnEverySignature() throws GeneralSecurityException {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 50; i++) {
      byte[] seed = new byte[32];
      random.nextBytes(seed);
      byte[] message = new byte[random.nextInt(300)];
      random.nextBytes(message);
      var key = Ed25519Key.of(seed);
      byte[] signature = key.sign(message);

      assertThat(jdkVerifies(key.publicKey(), message, signature)).isTrue();
      signature[random.nextInt(64)] ^= 1;
      assertThat(Ed25519Key.verify(key.publicKey(), message, signature)).isFalse();
    }
  }

  @Test
  void wrongLengthsAreNoSignature() {
    var key = Ed25519Key.of(new byte[32]);
    byte[] signature = key.sign(new byte[0]);

    for (int length : new int[] {0, 63, 65}) {
      assertThat(Ed25519Key.verify(key.publicKey(), new byte[0], Arrays.copyOf(signature, length)))
          .isFalse();
    }
    for (int length : new int[] {0, 31, 33}) {
      assertThat(Ed25519Key.verify(Arrays.copyOf(key.publicKey(), length), new byte[0], signature))
          .isFalse();
    }
  }

  @Test
  void newKeysDiffer() {
    assertThat(Ed25519Key.generate().publicKey()).isNotEqualTo(Ed25519Key.generate().publicKey());
  }

  private static boolean jdkVerifies(byte[] publicKey, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(PUBLIC_PREFIX, PUBLIC_PREFIX.length + 32);
    System.arraycopy(publicKey, 0, encoded, PUBLIC_PREFIX.length, 32);
    var verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    verifier.update(message);
    return verifier.verify(signature);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}

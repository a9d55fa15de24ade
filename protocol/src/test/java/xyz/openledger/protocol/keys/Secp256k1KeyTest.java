package xyz.openledger.protocol.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;

class Secp256k1KeyTest {
  private static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  private static final Secp256k1Key ONE = Secp256k1Key.of(word(BigInteger.ONE));

  @ParameterizedTest
  @CsvSource({
    // The generator's own address, and the first account of the development chains.
    "0000000000000000000000000000000000000000000000000000000000000001,"
        + "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf",
    "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80,"
        + "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"
  })
  void hasTheKnownAddress(String secret, String address) {
    var key = Secp256k1Key.of(hex(secret));

    assertThat(key.address()).hasToString(address);
    assertThat(Secp256k1Key.address(key.publicKey())).isEqualTo(key.address());
    assertThat(key.secret()).isEqualTo(hex(secret));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Satoshi Nakamoto | 934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5
          All those moments will be lost in time, like tears in rain. Time to die... | 8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21
          """)
  void signsByRfc6979AsOthersDo(String message, String signature) {
    byte[] signed = ONE.sign(Digest.of(message.getBytes(UTF_8)).bytes());

    assertThat(Arrays.copyOf(signed, 64)).isEqualTo(hex(signature));
  }

  @Test
  void signsTheExampleOfEip712() {
    var cow = Secp256k1Key.of(Keccak.hash("cow".getBytes(UTF_8)));
    byte[] hash = hex("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");

    assertThat(cow.address()).hasToString("0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826");
    assertThat(HexFormat.of().formatHex(cow.sign(hash)))
        .isEqualTo(
            "4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
                + "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b91562"
                + "1c");
  }

  @Test
  void theSignerIsRecoveredAndNobodyElse() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 100; i++) {
      var key = Secp256k1Key.of(bytes(random));
      byte[] hash = bytes(random);
      byte[] signature = key.sign(hash);

      assertThat(signature).hasSize(65);
      assertThat(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)))
          .isLessThanOrEqualTo(ORDER.shiftRight(1));
      assertThat(Secp256k1Key.recover(hash, signature)).contains(key.address());
      byte[] other = hash.clone();
      other[random.nextInt(32)] ^= 1;
      assertThat(Secp256k1Key.recover(other, signature))
          .hasValueSatisfying(address -> assertThat(address).isNotEqualTo(key.address()));
    }
  }

  @Test
  void theSameSignatureInItsHighFormIsRefused() {
    byte[] hash = Digest.of(new byte[] {1}).bytes();
    byte[] low = ONE.sign(hash);
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(low, 32, 64));
    byte[] high = low.clone();
    System.arraycopy(word(ORDER.subtract(s)), 0, high, 32, 32);
    high[64] = (byte) (55 - low[64]);

    assertThat(Secp256k1Key.recover(hash, low)).contains(ONE.address());
    assertThat(Secp256k1Key.recover(hash, high)).isEmpty();
  }

  @Test
  void whatIsNoSignatureIsRefused() {
    byte[] hash = Digest.of(new byte[] {1}).bytes();
    byte[] good = ONE.sign(hash);
    for (int v : new int[] {0, 1, 26, 29, 255}) {
      byte[] bad = good.clone();
      bad[64] = (byte) v;
      assertThat(Secp256k1Key.recover(hash, bad)).isEmpty();
    }
    for (int half : new int[] {0, 32}) {
      for (BigInteger value :
          new BigInteger[] {BigInteger.ZERO, ORDER, ORDER.add(BigInteger.ONE)}) {
        byte[] bad = good.clone();
        System.arraycopy(word(value), 0, bad, half, 32);
        assertThat(Secp256k1Key.recover(hash, bad)).isEmpty();
      }
    }
    assertThat(Secp256k1Key.recover(hash, Arrays.copyOf(good, 64))).isEmpty();
    assertThat(Secp256k1Key.recover(hash, Arrays.copyOf(good, 66))).isEmpty();
    assertThat(Secp256k1Key.recover(Arrays.copyOf(hash, 31), good)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "01",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "000000000000000000000000000000000000000000000000000000000000000001"
      })
  void whatIsNoSecretIsRefused(String secret) {
    assertThatThrownBy(() -> Secp256k1Key.of(hex(secret))).isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "020000000000000000000000000000000000000000000000000000000000000000",
        "02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0579be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
      })
  void whatIsNoPublicKeyIsRefused(String key) {
    assertThatThrownBy(() -> Secp256k1Key.address(hex(key))).isInstanceOf(ProblemException.class);
  }

  @Test
  void newKeysDiffer() {
    assertThat(Secp256k1Key.generate().address()).isNotEqualTo(Secp256k1Key.generate().address());
  }

  @ParameterizedTest
  @CsvSource({
    "'',c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    "abc,4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
  })
  void keccakIsThatOfTheChainAndNotSha3(String text, String hash) {
    assertThat(Keccak.hash(text.getBytes(UTF_8))).isEqualTo(hex(hash));
  }

  @Test
  void keccakTakesItsPartsInARow() {
    byte[] whole = new byte[300];
    Arrays.fill(whole, (byte) 7);

    assertThat(Keccak.hash(Arrays.copyOf(whole, 136), Arrays.copyOf(whole, 164)))
        .isEqualTo(Keccak.hash(whole));
  }

  private static byte[] bytes(SplittableRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] word(BigInteger number) {
    String digits = number.toString(16);
    return hex("0".repeat(64 - digits.length()) + digits);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}

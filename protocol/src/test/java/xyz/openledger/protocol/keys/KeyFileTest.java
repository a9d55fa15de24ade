package xyz.openledger.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.ProblemException;

class KeyFileTest {
  @TempDir Path folder;

  @Test
  void makesAKeyOnceAndReadsItFromThenOn() throws IOException {
    var transport = KeyFile.ed25519(folder.resolve("keys/transport.pem"));
    var result = KeyFile.secp256k1(folder.resolve("keys/result.pem"));

    assertThat(KeyFile.ed25519(folder.resolve("keys/transport.pem")).publicKey())
        .isEqualTo(transport.publicKey());
    assertThat(KeyFile.secp256k1(folder.resolve("keys/result.pem")).secret())
        .isEqualTo(result.secret());
    try (Stream<Path> files = Files.list(folder.resolve("keys"))) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("transport.pem", "result.pem");
    }
  }

  @Test
  void nobodyButTheOwnerMayReadIt() throws IOException {
    Path file = folder.resolve("key.pem");
    KeyFile.ed25519(file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw--w----", "rwx------"})
  void aFileThatOthersMayReadIsRefused(String permissions) throws IOException {
    Path file = folder.resolve("key.pem");
    KeyFile.secp256k1(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(() -> KeyFile.secp256k1(file))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("chmod 600 " + file);
  }

  @Test
  void aKeyOfAnotherKindIsRefused() {
    Path ed25519 = folder.resolve("ed25519.pem");
    Path secp256k1 = folder.resolve("secp256k1.pem");
    KeyFile.ed25519(ed25519);
    KeyFile.secp256k1(secp256k1);

    assertThatThrownBy(() -> KeyFile.secp256k1(ed25519)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> KeyFile.ed25519(secp256k1)).isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----END PRIVATE KEY-----"
      })
  void aFileThatHoldsNoKeyIsRefused(String content) throws IOException {
    Path file = folder.resolve("key.pem");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, content);

    assertThatThrownBy(() -> KeyFile.ed25519(file)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> KeyFile.secp256k1(file)).isInstanceOf(ProblemException.class);
  }

  @Test
  void aDamagedFileIsRefusedOrHoldsAnotherKey() throws IOException {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 400; i++) {
      Path file = folder.resolve("key-" + i + ".pem");
      if (i % 2 == 0) {
        KeyFile.ed25519(file);
      } else {
        KeyFile.secp256k1(file);
      }
      byte[] content = Files.readAllBytes(file);
      content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(7));
      Files.write(file, content);

      assertThat(kindOf(file, i % 2 == 0)).isIn("key", "refused");
    }
  }

  private static String kindOf(Path file, boolean ed25519) {
    try {
      assertThat(ed25519 ? KeyFile.ed25519(file) : KeyFile.secp256k1(file)).isNotNull();
      return "key";
    } catch (ProblemException _) {
      return "refused";
    }
  }

  @Test
  void anExistingKeyIsNeverReplaced() {
    Path file = folder.resolve("key.pem");
    var key = Secp256k1Key.generate();
    KeyFile.save(file, key);

    assertThatThrownBy(() -> KeyFile.save(file, Secp256k1Key.generate()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("exists already");
    assertThat(KeyFile.secp256k1(file).address()).isEqualTo(key.address());
  }

  @Test
  void aShortSecretIsKeptWithItsZeros() {
    Path file = folder.resolve("key.pem");
    byte[] secret = new byte[32];
    secret[31] = 1;
    KeyFile.save(file, Secp256k1Key.of(secret));

    assertThat(KeyFile.secp256k1(file).secret()).isEqualTo(secret);
  }

  @Test
  void theJdkReadsOurEd25519File() throws IOException, GeneralSecurityException {
    Path file = folder.resolve("key.pem");
    var key = KeyFile.ed25519(file);
    String body = Files.readString(file).replaceAll("-----.*-----", "");
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
    var signer = Signature.getInstance("Ed25519");
    signer.initSign(KeyFactory.getInstance("Ed25519").generatePrivate(spec));
    signer.update(new byte[] {1, 2, 3});

    assertThat(signer.sign()).isEqualTo(key.sign(new byte[] {1, 2, 3}));
  }

  @Test
  void manyAtOnceMakeOneKey() throws Exception {
    Set<Address> addresses = new HashSet<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < 10; round++) {
        Path file = folder.resolve("key-" + round + ".pem");
        Callable<Address> read = () -> KeyFile.secp256k1(file).address();
        for (Future<Address> answer : threads.invokeAll(List.of(read, read, read, read))) {
          addresses.add(answer.get());
        }
      }
    }

    assertThat(addresses).hasSize(10);
  }
}

package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.receipts.LogFork;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Secp256k1Key;

/** Logs that signed two roots of one size, before the real registry. */
class LogForkTest {
  private static final long BOND_NANO_OPEN = 500_000_000_000L;
  private static final Digest ORIGIN = digest("openledger.xyz/log/forked");

  @TempDir static Path folder;
  private static Anvil anvil;
  private static Address registry;
  private static PoolContract pools;

  @BeforeAll
  static void start() throws IOException {
    anvil = Anvil.start(folder);
    anvil.automine(true);
    registry = Objects.requireNonNull(anvil.contracts.governance()).pools();
    pools = new PoolContract(anvil.client, registry);
  }

  @AfterAll
  static void stop() throws IOException {
    anvil.close();
  }

  @Test
  void aForkTakesTheWholeBondOnceAndAFifthOfItGoesToWhoeverProvesIt() throws IOException {
    var signer = Secp256k1Key.generate();
    PoolId pool = open("forked", signer);
    Wallet accuser = anvil.wallet(Secp256k1Key.generate());
    var fork = fork(pool, signed(signer, 7, "one"), signed(signer, 7, "two"));

    assertThat(pools.objection(fork)).isEmpty();
    PoolContract.Proven proven = pools.prove(accuser, fork);

    assertThat(proven.operator()).isEqualTo(anvil.deployer.address());
    assertThat(proven.lostNanoOpen()).isEqualTo(BOND_NANO_OPEN);
    assertThat(proven.bountyNanoOpen()).isEqualTo(BOND_NANO_OPEN / 5);
    assertThat(anvil.client.balance(anvil.contracts.token(), accuser.address()))
        .isEqualTo(Words.wei(BOND_NANO_OPEN / 5));
    assertThat(pools.objection(fork))
        .hasValueSatisfying(why -> assertThat(why).contains("no bond is left"));
  }

  @Test
  void whatIsNoForkIsRefusedWithTheReasonAndCostsNothing() throws IOException {
    var signer = Secp256k1Key.generate();
    PoolId pool = open("honest", signer);
    LogFork.Signed right = signed(signer, 7, "one");
    LogFork.Signed elsewhere = signed(signer, 8, "two");
    LogFork.Signed forged = signed(Secp256k1Key.generate(), 7, "two");

    for (LogFork.Signed second : new LogFork.Signed[] {elsewhere, forged}) {
      assertThat(pools.objection(fork(pool, right, second)))
          .hasValueSatisfying(
              why -> assertThat(why).contains("did not sign the root " + second.root()));
      assertThatThrownBy(() -> pools.prove(anvil.deployer, fork(pool, right, second)))
          .isInstanceOf(RpcException.class);
    }
    assertThat(pools.objection(fork(PoolId.of("ada", "nowhere"), right, forged)))
        .hasValueSatisfying(why -> assertThat(why).contains("was ever opened"));
    assertThatThrownBy(() -> fork(pool, right, right))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("no fork");
  }

  @Test
  void aFileThatSaysSomethingElseIsRefusedByTheNameOfTheField() {
    String root = digest("one").toString();
    String other = digest("two").toString();
    String good =
        """
        {"version":1,"pool":"%s","size":7,
         "first":{"root":"%s","signature":"%s"},"second":{"root":"%s","signature":"%s"}}
        """
            .formatted(PoolId.of("ada", "p"), root, "0".repeat(130), other, "1".repeat(130));
    assertThat(read(good).size()).isEqualTo(7);

    assertThatThrownBy(() -> read(good.replace("\"size\":7", "\"size\":0")))
        .hasMessageContaining("size");
    assertThatThrownBy(() -> read(good.replace("1".repeat(130), "1".repeat(129))))
        .hasMessageContaining("signature");
    assertThatThrownBy(() -> read(good.replace(other, root))).hasMessageContaining("no fork");
    assertThatThrownBy(() -> read(good.replace("\"version\":1", "\"version\":2")))
        .hasMessageContaining("version");
    assertThatThrownBy(() -> read(good.replace("\"size\":7", "\"size\":7,\"more\":1")))
        .isInstanceOf(ProblemException.class);
  }

  private static LogFork read(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8), LogFork.class);
  }

  private static LogFork fork(PoolId pool, LogFork.Signed first, LogFork.Signed second) {
    return new LogFork(1, pool, 7, first, second);
  }

  private static PoolId open(String name, Secp256k1Key signer) throws IOException {
    PoolId pool = PoolId.of("ada", name);
    var bond = Words.wei(BOND_NANO_OPEN);
    anvil.deployer.transact(anvil.contracts.token(), OpenTokenAbi.approve(registry, bond));
    anvil.deployer.transact(
        registry,
        PoolRegistryAbi.open(
            pool.bytes(), signer.address(), digest("key"), ORIGIN, digest("m"), digest("w"), bond));
    return pool;
  }

  private static LogFork.Signed signed(Secp256k1Key signer, long size, String root)
      throws IOException {
    Digest signing =
        anvil.client.ask(registry, PoolRegistryAbi.checkpointDigest(ORIGIN, size, digest(root)));
    return new LogFork.Signed(digest(root), HexFormat.of().formatHex(signer.sign(signing.bytes())));
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}

package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.evm.StakeContract.Status;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.keys.Secp256k1Key;

/** Stakes in the real registry; the chain's clock is set forward. */
class StakeTest {
  private static final NodeId NODE =
      NodeId.of(Digest.of("a machine".getBytes(StandardCharsets.UTF_8)).bytes());

  @TempDir static Path folder;
  private static Anvil anvil;
  private static StakeContract registry;
  private static Wallet owner;

  @BeforeAll
  static void start() throws IOException {
    anvil = Anvil.start(folder);
    anvil.automine(true);
    registry = new StakeContract(anvil.client, anvil.contracts.registry());
    owner = anvil.wallet(Secp256k1Key.generate());
    anvil.deployer.transact(
        anvil.contracts.registry(),
        NodeRegistryAbi.registerFor(
            owner.address(),
            NODE.bytes(),
            Secp256k1Key.generate().address(),
            Digest.wrap(new byte[Digest.BYTES]),
            new byte[16],
            Words.wei(Anvil.STAKE_NANO_OPEN)));
  }

  @AfterAll
  static void stop() {
    anvil.close();
  }

  @Test
  void whatASponsorPutUpComesBackToItOnceTheNodeLeftAndTheUnbondingTimeIsOver() throws Exception {
    StakeContract.Stake active = registry.read(NODE);
    assertThat(active.status()).isEqualTo(Status.ACTIVE);
    assertThat(active.nanoOpen()).isEqualTo(Anvil.STAKE_NANO_OPEN);
    assertThat(active.staker()).isEqualTo(anvil.deployer.address());
    assertThat(active.mayBeEndedBy(owner.address())).isTrue();
    Wallet stranger = anvil.wallet(Secp256k1Key.generate());
    assertThat(active.mayBeEndedBy(stranger.address())).isFalse();
    assertThatThrownBy(() -> registry.beginExit(stranger, NODE)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> registry.withdraw(stranger, NODE))
        .as("it has not left")
        .isInstanceOf(IOException.class);

    registry.beginExit(owner, NODE);

    StakeContract.Stake exiting = registry.read(NODE);
    assertThat(exiting.status()).isEqualTo(Status.EXITING);
    assertThatThrownBy(() -> registry.withdraw(owner, NODE))
        .as("what it signed may still cost it")
        .isInstanceOf(IOException.class);
    var before = balance();
    pass(anvil.client.ask(anvil.contracts.registry(), NodeRegistryAbi.terms()).unbondingSeconds());
    registry.withdraw(stranger, NODE);

    assertThat(registry.read(NODE).status()).isEqualTo(Status.LEFT);
    assertThat(registry.read(NODE).nanoOpen()).isZero();
    assertThat(balance().subtract(before)).isEqualTo(Words.wei(Anvil.STAKE_NANO_OPEN));
  }

  /** Lets time pass on the chain. */
  private static void pass(long seconds) throws IOException {
    anvil.client.rpc().call("evm_increaseTime", Words.quantity(seconds));
    anvil.mine();
  }

  private static BigInteger balance() throws IOException {
    return anvil.client.ask(
        anvil.contracts.token(), OpenTokenAbi.balanceOf(anvil.deployer.address()));
  }
}

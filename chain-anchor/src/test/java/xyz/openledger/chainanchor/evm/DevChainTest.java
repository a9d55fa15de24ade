package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.keys.Secp256k1Key;

class DevChainTest {
  @TempDir Path folder;
  private Path program;

  @BeforeEach
  void find() {
    program = Anvil.program();
  }

  @Test
  void endsTheChainThatAKilledParentLeftBehind() throws IOException {
    int port = Anvil.freePort();
    // Its parent forgets it, as a parent that was killed does.
    var left = ProcessHandle.of(DevChain.start(program, folder, port).pid()).orElseThrow();

    try (var chain = DevChain.start(program, folder, port)) {
      assertThat(left.isAlive()).isFalse();
      assertThat(chain.isAlive()).isTrue();
    }
  }

  @Test
  void startsAfreshFromAStateThatAnvilRefuses() throws IOException {
    Files.writeString(folder.resolve("state.json"), "{\"no\":\"state\"}");

    try (var chain = DevChain.start(program, folder, Anvil.freePort())) {
      assertThat(chain.isAlive()).isTrue();
      assertThat(folder.resolve("state.json.refused")).hasContent("{\"no\":\"state\"}");
    }
  }

  @Test
  void saysThatItsPortIsTaken() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> DevChain.start(program, folder, socket.getLocalPort()))
          .hasMessageContaining("is taken by another program");
    }
  }

  @Test
  void keepsTheLastThreeStatesThatCanBeRead() throws IOException {
    var generations = new Generations(folder);
    for (int i = 1; i <= 5; i++) {
      Files.writeString(generations.state(), "{\"state\":%d}".formatted(i));
      generations.keep();
    }
    Files.writeString(generations.state(), "{\"state\":");
    generations.keep();

    assertThat(generations.newestFirst().getFirst()).hasContent("{\"state\":5}");
    assertThat(folder.resolve("generations")).isDirectoryContaining("glob:**/3.json");
    assertThat(folder.resolve("generations")).isDirectoryNotContaining("glob:**/2.json");
  }

  @Test
  void triesOlderStatesUntilOneHasOurContracts() throws Exception {
    Contracts ours = deployed();
    Path kept = folder.resolve("generations");
    Files.copy(folder.resolve("state.json"), kept.resolve("7.json"));
    // A chain that anvil starts from, and that is nobody's.
    Files.writeString(kept.resolve("8.json"), emptyState());
    Files.writeString(kept.resolve("9.json"), "{\"no\":\"state\"}");
    Files.writeString(folder.resolve("state.json"), "{\"block\":");

    try (var chain = DevChain.start(program, folder, Anvil.freePort())) {
      assertThat(new ChainClient(new JsonRpc(chain.uri())).hasCode(ours.anchorLog())).isTrue();
    }

    assertThat(kept).isDirectoryContaining("glob:**/7.json");
    assertThat(folder.resolve("state.json.refused")).hasContent("{\"block\":");
  }

  @Test
  void neverReplacesAChainThatHadOurContractsWithAnEmptyOne() throws Exception {
    deployed();
    Files.writeString(folder.resolve("generations/9.json"), "{\"no\":\"state\"}");
    Files.writeString(folder.resolve("state.json"), "{\"block\":");

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> DevChain.start(program, folder, Anvil.freePort()))
          .hasMessageContaining("state.json")
          .hasMessageContaining("generations/9.json")
          .hasMessageContaining("contracts-901.json")
          .hasMessageContaining("openledger dev --fresh");
      assertThat(folder.resolve("state.json")).hasContent("{\"block\":");
    }
  }

  @Test
  void leavesTheChainOfALivingProgramAlone() throws Exception {
    var stranger = new ProcessBuilder("sleep", "60").start();
    var chain = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(folder.resolve("anvil.pid"), noted(chain) + " " + noted(stranger) + "\n");

      assertThatThrownBy(() -> DevChain.start(program, folder, Anvil.freePort()))
          .hasMessageContaining("in use by process " + stranger.pid());

      assertThat(chain.isAlive()).isTrue();
    } finally {
      chain.destroyForcibly();
      stranger.destroyForcibly();
    }
  }

  private static String noted(Process process) {
    return process.pid() + " " + process.info().startInstant().orElseThrow();
  }

  /** Our contracts on a chain in {@code folder}, which has ended and left its state. */
  private Contracts deployed() throws Exception {
    Contracts ours;
    try (var chain = DevChain.start(program, folder, Anvil.freePort())) {
      var key = new TransactionKey(Secp256k1Key.generate(), DevChain.CHAIN_ID);
      chain.fund(key.address());
      var client = new ChainClient(new JsonRpc(chain.uri()));
      client.rpc().call("evm_setAutomine", true);
      ours =
          Deployment.ensure(
              client,
              new Wallet(client, key),
              Deployment.file(folder, DevChain.CHAIN_ID),
              Anvil.ORIGIN,
              Anvil.STAKE_NANO_OPEN,
              Anvil.TERMS,
              Currency.TOKEN);
    }
    Files.createDirectories(folder.resolve("generations"));
    return ours;
  }

  private String emptyState() throws IOException {
    Path other = folder.resolve("other");
    DevChain.start(program, other, Anvil.freePort()).close();
    return Files.readString(other.resolve("state.json"));
  }
}

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

    generations.restore();

    assertThat(generations.state()).hasContent("{\"state\":5}");
    assertThat(folder.resolve("generations")).isDirectoryContaining("glob:**/3.json");
    assertThat(folder.resolve("generations")).isDirectoryNotContaining("glob:**/2.json");
  }
}

package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.cli.CommandFailure;

class NetworkFolderTest {
  @TempDir Path folder;

  @Test
  void neverTouchesAFolderThatHoldsSomethingElse() throws IOException {
    Path thesis = Files.writeString(folder.resolve("thesis.txt"), "keep");

    assertThatThrownBy(() -> NetworkFolder.take(folder))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("holds something else than a network");

    assertThat(thesis).hasContent("keep");
    assertThat(folder.resolve("FORMAT")).doesNotExist();
  }

  @Test
  void leavesANetworkThatIsUpAlone() throws IOException {
    try (var _ = NetworkFolder.take(folder)) {
      assertThatThrownBy(() -> NetworkFolder.take(folder))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("a network already runs from " + folder);
    }
    NetworkFolder.take(folder).close();
  }

  @Test
  void liesAroundTheNetworksOfTheDemosAndLeavesThemAlone() throws IOException {
    try (var demo = NetworkFolder.take(folder.resolve("demo"));
        var around = NetworkFolder.take(folder)) {
      Path story = Files.writeString(folder.resolve("demo/story"), "keep");
      Files.writeString(folder.resolve("member"), "drop");

      around.clear();

      assertThat(story).hasContent("keep");
      assertThat(folder.resolve("member")).doesNotExist();
      demo.clear();
      assertThat(story).doesNotExist();
    }
  }

  @Test
  void forgetsANetworkThatIsDown() throws IOException {
    try (var taken = NetworkFolder.take(folder)) {
      Files.createDirectories(folder.resolve("member/journal"));
      Files.writeString(folder.resolve("member/journal/LOCK"), "");

      taken.clear();

      assertThat(folder.toFile().list()).containsExactlyInAnyOrder("FORMAT", "LOCK");
    }
  }

  @Test
  void namesThePortThatAnotherProgramHas() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Programs.requireFree(taken.getLocalPort()))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("port " + taken.getLocalPort());
    }
  }
}

package xyz.openledger.nodes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnedFolderTest {
  @TempDir Path parent;

  @Test
  void sweepsWhatTheDeadHaveLeftAndNothingElse() throws Exception {
    var dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path left = Files.createDirectories(parent.resolve("openledger-" + dead.pid() + "-7/inside"));
    Path ours = Files.createDirectory(parent.resolve(OwnedFolder.prefix() + "1"));
    Path strangers = Files.createDirectory(parent.resolve("openledger-data-1"));
    Path others = Files.createDirectory(parent.resolve("others-" + dead.pid() + "-1"));

    OwnedFolder.sweep(parent, OwnedFolder::deleteTree);

    assertThat(left.getParent()).doesNotExist();
    assertThat(ours).exists();
    assertThat(strangers).exists();
    assertThat(others).exists();
  }

  @Test
  void leavesWhatCannotBeRemovedForAnotherTime() throws Exception {
    var dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path busy = Files.createDirectories(parent.resolve("openledger-" + dead.pid() + "-7/inside"));

    OwnedFolder.sweep(parent, Files::delete);

    assertThat(busy).exists();
  }
}

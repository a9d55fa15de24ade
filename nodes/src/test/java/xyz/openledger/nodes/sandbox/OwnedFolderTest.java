package xyz.openledger.nodes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Executors;
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

  /** As agents that start together do. */
  @Test
  void sweepsTogetherWithOthers() throws Exception {
    var dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path left = Files.createDirectory(parent.resolve("openledger-" + dead.pid() + "-7"));
    for (int i = 0; i < 400; i++) {
      Files.createFile(Files.createDirectories(left.resolve("folder-" + i)).resolve("file"));
    }

    try (var agents = Executors.newFixedThreadPool(4)) {
      var sweeps =
          agents.invokeAll(
              Collections.nCopies(
                  8,
                  () -> {
                    OwnedFolder.sweep(parent, OwnedFolder::deleteTree);
                    return true;
                  }));
      for (var sweep : sweeps) {
        assertThat(sweep.get()).as("ended without a failure").isEqualTo(true);
      }
    }
    OwnedFolder.sweep(parent, OwnedFolder::deleteTree);

    assertThat(left).doesNotExist();
  }
}

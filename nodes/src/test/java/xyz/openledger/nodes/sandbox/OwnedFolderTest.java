package xyz.openledger.nodes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  @Test
  void twoMaySweepAtOnce() throws Exception {
    var dead = new ProcessBuilder("true").start();
    dead.waitFor();
    for (int i = 0; i < 200; i++) {
      Files.createDirectories(parent.resolve("openledger-" + dead.pid() + "-" + i + "/a/b/c/d"));
    }

    try (var sweepers = Executors.newFixedThreadPool(4)) {
      var sweeps =
          Collections.nCopies(
              4,
              (Callable<Void>)
                  () -> {
                    OwnedFolder.sweep(parent, OwnedFolder::deleteTree);
                    return null;
                  });
      for (Future<Void> sweep : sweepers.invokeAll(sweeps)) {
        sweep.get();
      }
    }

    OwnedFolder.sweep(parent, OwnedFolder::deleteTree);
    assertThat(parent).isEmptyDirectory();
  }
}

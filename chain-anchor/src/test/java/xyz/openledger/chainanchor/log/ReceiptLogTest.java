package xyz.openledger.chainanchor.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.chainanchor.log.Appending.Placement;
import xyz.openledger.protocol.keys.Ed25519Key;

class ReceiptLogTest {
  private static final String ORIGIN = "openledger.xyz/log/test";
  private static final Ed25519Key KEY = Ed25519Key.of(new byte[32]);
  private static final long MAP_BYTES = 64L << 20;

  @TempDir Path folder;

  private final ReceiptLog log = new ReceiptLog(ORIGIN);
  private final List<LogEvent> journal = new ArrayList<>();

  @Test
  void givesAKeyOneIndexHoweverOftenItComes() {
    var view = new MemoryLogView();

    var first = append(view, leaf("a", "01"), leaf("b", "02"), leaf("a", "01"));
    var second = append(view, leaf("b", "02"), leaf("c", "03"));

    assertThat(first)
        .containsExactly(new Placement.At(0), new Placement.At(1), new Placement.At(0));
    assertThat(second).containsExactly(new Placement.At(1), new Placement.At(2));
    assertThat(log.size()).isEqualTo(3);
  }

  @Test
  void refusesAnotherLeafUnderTheSameKey() {
    var view = new MemoryLogView();
    append(view, leaf("a", "01"));

    var again = append(view, leaf("a", "ff"), leaf("b", "02"), leaf("b", "03"));

    assertThat(again)
        .containsExactly(
            new Placement.Conflicting(0), new Placement.At(1), new Placement.Conflicting(1));
  }

  @Test
  void sealsEachSizeOnce() {
    var view = new MemoryLogView();
    append(view, leaf("a", "01"));

    seal(view);

    assertThat(log.seal(KEY)).isEmpty();
    var note = view.lastCheckpoint().orElseThrow();
    assertThat(note.isSignedBy(LogKey.of(ORIGIN, KEY.publicKey()))).isTrue();
    assertThat(note.checkpoint()).isEqualTo(new Checkpoint(ORIGIN, 1, view.tree().root(1)));
  }

  @Test
  void doesNotApplyWhatCannotFollow() {
    assertThatThrownBy(() -> log.apply(new LogEvent.LeavesAppended(1, List.of(leaf("a", "01")))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> log.apply(new LogEvent.CheckpointSealed(1, "00", "")))
        .isInstanceOf(IllegalStateException.class);
  }

  /** So that a start takes no longer for every checkpoint there ever was. */
  @Test
  void theViewOnDiskWritesNothingThatItHas() throws IOException {
    try (var disk = LmdbLogView.open(folder, MAP_BYTES)) {
      for (int i = 0; i < 3; i++) {
        append(disk, leaf("leaf-" + i, "01"));
        seal(disk);
        var note = disk.lastCheckpoint().orElseThrow();
        disk.apply(
            new LogEvent.CheckpointCosigned(i + 1, note.checkpoint().root().hex(), note.text()));
      }
    }

    try (var again = LmdbLogView.open(folder, MAP_BYTES)) {
      byte[] before = Files.readAllBytes(folder.resolve("data.mdb"));
      journal.forEach(again::apply);

      assertThat(Files.readAllBytes(folder.resolve("data.mdb"))).isEqualTo(before);
    }
  }

  /** The view on disk, closed and replayed at random, answers like the one in memory. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theViewOnDiskAnswersLikeTheOneInMemory(long seed) {
    var random = new SplittableRandom(seed);
    var memory = new MemoryLogView();
    var disk = LmdbLogView.open(folder, MAP_BYTES);
    Map<String, Long> indices = new HashMap<>();

    for (int round = 0; round < 60; round++) {
      var batch = new ArrayList<LogLeaf>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        String key = "job/" + random.nextInt(200);
        batch.add(leaf(key, "%08x".formatted(key.hashCode())));
      }
      var appending = log.append(batch, disk);
      assertThat(log.append(batch, memory)).isEqualTo(appending);
      if (appending.event().isPresent()) {
        take(appending.event().get(), memory, disk);
      }
      for (int i = 0; i < batch.size(); i++) {
        long index = ((Placement.At) appending.placements().get(i)).index();
        assertThat(Objects.requireNonNullElse(indices.put(batch.get(i).key(), index), index))
            .isEqualTo(index);
      }
      if (random.nextInt(3) == 0) {
        for (LogEvent sealed : log.seal(KEY).stream().toList()) {
          take(sealed, memory, disk);
        }
      }
      if (random.nextInt(10) == 0) {
        disk.close();
        disk = LmdbLogView.open(folder, MAP_BYTES);
        journal.forEach(disk::apply);
      }
    }

    assertSame(memory, disk);
    assertThat(disk.isConsistent()).isTrue();
    disk.close();
  }

  private void assertSame(LogView memory, LogView disk) {
    long size = memory.size();
    assertThat(disk.size()).isEqualTo(size).isEqualTo(log.size());
    assertThat(disk.tree().root(size)).isEqualTo(memory.tree().root(size));
    assertThat(log.range().root()).isEqualTo(memory.tree().root(size));
    assertThat(disk.lastCheckpoint()).isEqualTo(memory.lastCheckpoint());
    for (long i = 0; i < size; i++) {
      assertThat(disk.leaf(i)).isEqualTo(memory.leaf(i));
      assertThat(disk.find(disk.leaf(i).key())).isEqualTo(memory.find(memory.leaf(i).key()));
      assertThat(disk.checkpoint(i)).isEqualTo(memory.checkpoint(i));
      assertThat(disk.checkpointFrom(i)).isEqualTo(memory.checkpointFrom(i));
      assertThat(disk.tree().inclusionProof(i, size))
          .isEqualTo(memory.tree().inclusionProof(i, size));
    }
  }

  private List<Placement> append(LogView view, LogLeaf... leaves) {
    var appending = log.append(List.of(leaves), view);
    appending.event().ifPresent(event -> take(event, view));
    return appending.placements();
  }

  private void seal(LogView view) {
    take(log.seal(KEY).orElseThrow(), view);
  }

  private void take(LogEvent event, LogView... views) {
    journal.add(event);
    log.apply(event);
    for (LogView view : views) {
      view.apply(event);
    }
  }

  private static LogLeaf leaf(String key, String hex) {
    return new LogLeaf(key, hex, "{\"key\":\"" + key + "\"}");
  }
}

package xyz.openledger.chainanchor.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.merkle.MerkleTree;

class LogTilesTest {
  private static final Ed25519Key KEY = Ed25519Key.of(new byte[32]);
  private static final int BATCH = 1_000;

  private final MemoryLogView log = new MemoryLogView();
  private final ReceiptLog sequencer = new ReceiptLog("openledger.xyz/log/test");
  private final LogTiles tiles = new LogTiles(log);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 511, 512, 513, 1_000, 65_535, 65_536, 65_793})
  void theRootComesFromTheTilesAlone(int size) {
    grow(size);

    var nodes = new TiledNodes(size, this::read);

    assertThat(new LogTree(nodes).root(size)).isEqualTo(log.tree().root(size));
  }

  @Test
  void theEntriesAreTheLeavesOfTheTree() {
    grow(700);
    var hashes = new ArrayList<Digest>();
    for (int tile = 0; tile < 3; tile++) {
      int width = Math.min(256, 700 - 256 * tile);
      var bytes =
          ByteBuffer.wrap(tiles.read(new TilePath(TilePath.ENTRIES, tile, width)).orElseThrow());
      while (bytes.hasRemaining()) {
        byte[] leaf = new byte[Short.toUnsignedInt(bytes.getShort())];
        bytes.get(leaf);
        hashes.add(MerkleTree.leafHash(leaf));
      }
    }

    assertThat(hashes).hasSize(700);
    assertThat(MerkleTree.root(hashes)).isEqualTo(log.tree().root(700));
  }

  @Test
  void proofsFromTilesAreThoseOfTheLog() {
    grow(2_000);
    var random = new SplittableRandom(7);
    var tiled = new LogTree(new TiledNodes(2_000, this::read));
    for (int i = 0; i < 200; i++) {
      long from = random.nextLong(1, 2_001);

      assertThat(tiled.consistencyProof(from, 2_000))
          .as("from %d", from)
          .isEqualTo(log.tree().consistencyProof(from, 2_000));
    }
  }

  @Test
  void oneChangedByteInATileChangesTheRoot() {
    grow(600);
    var nodes =
        new TiledNodes(
            600,
            path -> {
              byte[] tile = read(path).clone();
              tile[7] ^= (byte) path.level();
              return tile;
            });

    assertThat(new LogTree(nodes).root(600)).isNotEqualTo(log.tree().root(600));
  }

  @Test
  void nothingIsHandedOutThatNoCheckpointCovers() {
    grow(300);
    append(400);

    assertThat(tiles.read(new TilePath(0, 1, 44))).isPresent();
    assertThat(tiles.read(new TilePath(0, 1, 45))).isEmpty();
    assertThat(tiles.read(new TilePath(TilePath.ENTRIES, 1, 256))).isEmpty();
    assertThat(tiles.read(new TilePath(1, 0, 1))).isPresent();
    assertThat(tiles.read(new TilePath(1, 0, 2))).isEmpty();
    assertThat(tiles.read(new TilePath(7, 0, 1))).isEmpty();
  }

  @Test
  void aPathHasOneForm() {
    for (long index : new long[] {0, 7, 999, 1_000, 1_234_067, 999_999_999}) {
      for (int width : new int[] {1, 17, 255, 256}) {
        for (int level : new int[] {TilePath.ENTRIES, 0, 7}) {
          var path = new TilePath(level, index, width);
          String[] segments = path.text().split("/");

          assertThat(TilePath.parse(segments[0], List.of(segments).subList(1, segments.length)))
              .contains(path);
        }
      }
    }
    assertThat(TilePath.parse("0", List.of("x001", "x234", "067")))
        .contains(new TilePath(0, 1_234_067, 256));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0/1",
        "0/0001",
        "0/x000/001",
        "0/x01/001",
        "8/000",
        "00/000",
        "-1/000",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/01",
        "0/000.p",
        "entry/000",
        "0/x001/x001/x001/001",
        "0/x001",
        "0/١٢٣"
      })
  void refusesEveryOtherForm(String text) {
    String[] segments = text.split("/");

    assertThat(TilePath.parse(segments[0], List.of(segments).subList(1, segments.length)))
        .isEmpty();
  }

  private byte[] read(TilePath path) throws IOException {
    return tiles.read(path).orElseThrow(() -> new IOException("no tile " + path.text()));
  }

  private void grow(int size) {
    append(size);
    take(sequencer.seal(KEY).orElseThrow());
  }

  private void append(int size) {
    while (sequencer.size() < size) {
      var leaves = new ArrayList<LogLeaf>();
      long end = Math.min(size, sequencer.size() + BATCH);
      for (long i = sequencer.size(); i < end; i++) {
        leaves.add(new LogLeaf("leaf/" + i, "%08x".formatted(i), "{}"));
      }
      take(sequencer.append(leaves, log).event().orElseThrow());
    }
  }

  private void take(LogEvent event) {
    sequencer.apply(event);
    log.apply(event);
  }
}

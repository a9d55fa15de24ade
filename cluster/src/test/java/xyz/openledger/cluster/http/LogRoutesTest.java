package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.chainanchor.log.Checkpoint;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.LogTree;
import xyz.openledger.chainanchor.log.TilePath;
import xyz.openledger.chainanchor.log.TiledNodes;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.merkle.MerkleTree;

/** Reads the log as a stranger does: over HTTP, without a token. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogRoutesTest {
  private RunningServer server;

  @BeforeAll
  void start() {
    server = new RunningServer();
    for (int i = 0; i < 5; i++) {
      server.member.grow(123);
    }
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void theRootOfTheSignedCheckpointComesFromTheTilesAlone() {
    Checkpoint checkpoint = checkpoint();

    var tree = new LogTree(new TiledNodes(checkpoint.size(), path -> tile(path).bytes()));

    assertThat(checkpoint.size()).isEqualTo(915);
    assertThat(tree.root(checkpoint.size())).isEqualTo(checkpoint.root());
  }

  @Test
  void theRootComesFromTheEntriesToo() throws IOException {
    Checkpoint checkpoint = checkpoint();
    var leaves = new ArrayList<Digest>();
    for (long from = 0; from < checkpoint.size(); from += TilePath.WIDTH) {
      int width = (int) Math.min(TilePath.WIDTH, checkpoint.size() - from);
      var path = new TilePath(TilePath.ENTRIES, from / TilePath.WIDTH, width);
      for (var bytes = ByteBuffer.wrap(tile(path).bytes()); bytes.hasRemaining(); ) {
        byte[] leaf = new byte[Short.toUnsignedInt(bytes.getShort())];
        bytes.get(leaf);
        leaves.add(MerkleTree.leafHash(leaf));
      }
    }

    assertThat(MerkleTree.root(leaves)).isEqualTo(checkpoint.root());
  }

  @Test
  void aFullTileMayBeKeptForEverAndAPartialOneMayNot() throws IOException {
    assertThat(tile(new TilePath(0, 0, TilePath.WIDTH)).cache()).contains("immutable");
    assertThat(tile(new TilePath(0, 3, 147)).cache()).doesNotContain("immutable");
    assertThat(get("/log/checkpoint").header("Cache-Control")).isEqualTo("no-store");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0/003",
        "0/003.p/148",
        "1/001",
        "9/000",
        "0/0",
        "0/x000/001",
        "0/../../etc/passwd",
        "entries/004",
        "0/000.p/0",
        "0/000/",
        "0//000"
      })
  void whatIsNoTileIsNotFound(String path) {
    assertThat(get("/log/tile/" + path).status()).isEqualTo(404);
  }

  private Checkpoint checkpoint() {
    var note = CheckpointNote.parse(get("/log/checkpoint").text());
    assertThat(note.isSignedBy(LogKey.parse(get("/log/key").text()))).isTrue();
    return note.checkpoint();
  }

  private record Tile(byte[] bytes, String cache) {}

  private Tile tile(TilePath path) throws IOException {
    var answer = get("/log/tile/" + path.text());
    if (answer.status() != 200) {
      throw new IOException(path.text() + ": " + answer.text());
    }
    return new Tile(answer.response().body(), answer.header("Cache-Control"));
  }

  private RunningServer.Answer get(String path) {
    return server.send(HttpRequest.newBuilder(server.uri(path)));
  }
}

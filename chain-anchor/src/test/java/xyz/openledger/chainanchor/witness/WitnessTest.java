package xyz.openledger.chainanchor.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.log.Checkpoint;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.LogTree;
import xyz.openledger.chainanchor.log.NodeStore;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.merkle.MerkleTree;

class WitnessTest {
  private static final String ORIGIN = "openledger.xyz/log/test";
  private static final Ed25519Key LOG_KEY = Ed25519Key.of(new byte[32]);
  private static final LogKey LOG = LogKey.of(ORIGIN, LOG_KEY.publicKey());
  private static final Ed25519Key KEY = Ed25519Key.generate();
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochSecond(1_763_800_000L));

  @TempDir Path folder;
  private final LogTree honest = tree(0);

  /** The same up to 64 leaves, and another story from there. */
  private final LogTree fork = tree(64);

  private WitnessStore store;
  private Witness witness;

  @BeforeEach
  void start() throws IOException {
    store = WitnessStore.open(folder);
    witness = new Witness(LOG, "witness.example/ada", KEY, store, CLOCK);
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
  }

  @Test
  void cosignsWhatFollowsWhatItSaw() throws IOException {
    for (long[] step : new long[][] {{0, 7}, {7, 7}, {7, 64}, {64, 100}}) {
      var answer = witness.add(request(honest, step[0], step[1]));

      assertThat(answer).isInstanceOf(WitnessAnswer.Cosigned.class);
      var lines = CheckpointNote.signatures(((WitnessAnswer.Cosigned) answer).line());
      var note = note(honest, step[1]).with(lines);
      assertThat(witness.publicKey().verify(note)).hasValue(1_763_800_000L);
      assertThat(note.isSignedBy(LOG)).isTrue();
      assertThat(witness.publicKey().verify(note(honest, step[1] + 1).with(lines))).isEmpty();
    }
  }

  @Test
  void neverGoesBackAndNeverSignsAFork() throws IOException {
    witness.add(request(honest, 0, 80));

    assertThat(witness.add(request(honest, 7, 64)))
        .isEqualTo(new WitnessAnswer.Conflict(80, "the last checkpoint seen here has size 80"));
    assertThat(witness.add(request(fork, 80, 80))).isInstanceOf(WitnessAnswer.Conflict.class);
    assertThat(witness.add(request(fork, 80, 100))).isInstanceOf(WitnessAnswer.Forked.class);
    assertThat(witness.add(request(honest, 80, 64))).isInstanceOf(WitnessAnswer.Malformed.class);
    assertThat(witness.seen().orElseThrow().checkpoint().size()).isEqualTo(80);
  }

  @Test
  void signsForNoOtherLogAndNoOtherKey() throws IOException {
    var foreign = new Checkpoint("openledger.xyz/log/other", 7, honest.root(7));
    var forged = new Checkpoint(ORIGIN, 7, honest.root(7));

    assertThat(witness.add(new AddCheckpoint(0, List.of(), CheckpointNote.sign(foreign, LOG_KEY))))
        .isInstanceOf(WitnessAnswer.Unknown.class);
    assertThat(witness.add(new AddCheckpoint(0, List.of(), CheckpointNote.sign(forged, KEY))))
        .isInstanceOf(WitnessAnswer.Untrusted.class);
    assertThat(witness.seen()).isEmpty();
  }

  @Test
  void remembersWhatItSawWhenItStartsAgain() throws IOException {
    witness.add(request(honest, 0, 80));
    store.close();

    store = WitnessStore.open(folder);
    var again = new Witness(LOG, "witness.example/ada", KEY, store, CLOCK);

    assertThat(again.add(request(fork, 0, 64))).isInstanceOf(WitnessAnswer.Conflict.class);
    assertThat(again.add(request(honest, 80, 90))).isInstanceOf(WitnessAnswer.Cosigned.class);
  }

  @Test
  void signsNothingWithADamagedMemory() throws IOException {
    witness.add(request(honest, 0, 80));
    Files.writeString(folder.resolve("checkpoint"), "openledger.xyz/log/test\n80\n");

    assertThatThrownBy(() -> new Witness(LOG, "witness.example/ada", KEY, store, CLOCK))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is damaged");
  }

  @Test
  void signsNothingThatItCannotRemember() throws IOException {
    // A folder where the draft should be: writing fails, whoever runs this.
    Files.createDirectory(folder.resolve("checkpoint.new"));

    assertThatThrownBy(() -> witness.add(request(honest, 0, 80))).isInstanceOf(IOException.class);
    assertThat(witness.seen()).isEmpty();
  }

  @Test
  void twoNeverShareAMemory() {
    assertThatThrownBy(() -> WitnessStore.open(folder)).hasMessageContaining("is in use");
  }

  @Test
  void pinsTheKeyOfOneLog() throws IOException {
    store.pin(LOG);
    store.pin(LOG);

    assertThatThrownBy(() -> store.pin(LogKey.of(ORIGIN, KEY.publicKey())))
        .hasMessageContaining("this memory is of the log");
  }

  @Test
  void readsWhatItWritesAndNothingElse() {
    var request = request(honest, 7, 80);

    assertThat(AddCheckpoint.parse(request.text())).isEqualTo(request);
    for (String broken :
        List.of(
            "",
            "old 7\n",
            request.text().replace("old 7", "old 07"),
            request.text().replace("old 7", "old -7"),
            request.text().replaceFirst("\n", "\nAAAA\n"),
            "old 7\n" + "AAAA\n".repeat(64) + "\n" + request.note().text())) {
      assertThatThrownBy(() -> AddCheckpoint.parse(broken))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /**
   * Whatever is asked, in whatever order: all that was ever cosigned is one log that only grew,
   * also when the witness was started again in between.
   */
  @Test
  void whatItCosignedIsOneHistory() throws IOException {
    var random = new SplittableRandom(20_261_123);
    var cosigned = new ArrayList<Checkpoint>();
    LogTree last = honest;
    int refused = 0;
    for (int i = 0; i < 600; i++) {
      if (i % 50 == 0) {
        witness = new Witness(LOG, "witness.example/ada", KEY, store, CLOCK);
      }
      long seen = cosigned.isEmpty() ? 0 : cosigned.getLast().size();
      LogTree tree = random.nextInt(3) == 0 ? fork : honest;
      long to =
          switch (random.nextInt(4)) {
            case 0 -> Math.max(1, seen);
            case 1 -> Math.min(128, seen + 1 + random.nextInt(3));
            default -> random.nextLong(128) + 1;
          };
      long from =
          switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> random.nextLong(to + 1);
            default -> Math.min(seen, to);
          };
      var request = request(tree, from, to);
      if (witness.add(request) instanceof WitnessAnswer.Cosigned) {
        cosigned.add(request.note().checkpoint());
        last = tree;
      } else {
        refused++;
      }
    }
    long before = 0;
    for (Checkpoint each : cosigned) {
      assertThat(each.size()).as("sizes only grow").isGreaterThanOrEqualTo(before);
      assertThat(last.root(each.size())).as("one root of %d", each.size()).isEqualTo(each.root());
      before = each.size();
    }
    assertThat(before).isGreaterThan(64);
    assertThat(refused).isGreaterThan(50);
  }

  private static AddCheckpoint request(LogTree tree, long from, long to) {
    return new AddCheckpoint(
        from, from <= to ? tree.consistencyProof(from, to) : List.of(), note(tree, to));
  }

  private static CheckpointNote note(LogTree tree, long size) {
    return CheckpointNote.sign(new Checkpoint(ORIGIN, size, tree.root(size)), LOG_KEY);
  }

  private static LogTree tree(int forkedAt) {
    NodeStore nodes = NodeStore.inMemory();
    var leaves = new ArrayList<Digest>();
    for (int i = 0; i < 128; i++) {
      boolean other = forkedAt > 0 && i >= forkedAt;
      leaves.add(MerkleTree.leafHash(new byte[] {(byte) i, (byte) (other ? 1 : 0)}));
      nodes.append(i, leaves.getLast());
    }
    return new LogTree(nodes);
  }
}

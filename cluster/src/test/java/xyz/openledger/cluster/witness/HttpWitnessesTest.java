package xyz.openledger.cluster.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.chainanchor.log.MemoryLogView;
import xyz.openledger.chainanchor.log.ReceiptLog;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.chainanchor.witness.Witness;
import xyz.openledger.chainanchor.witness.WitnessStore;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.keys.Ed25519Key;

/** A log and its witnesses, over real sockets and real files. */
class HttpWitnessesTest {
  private static final String ORIGIN = "openledger.xyz/log/test";
  private static final Ed25519Key LOG_KEY = Ed25519Key.of(new byte[32]);
  private static final LogKey LOG = LogKey.of(ORIGIN, LOG_KEY.publicKey());

  @TempDir Path folder;
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, Ed25519Key> keys = new HashMap<>();
  private final MemoryLogView log = new MemoryLogView();
  private final ReceiptLog sequencer = new ReceiptLog(ORIGIN);

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    blocking.shutdownNow();
  }

  /** A witness that can be stopped and started again at its port. */
  private final class Running {
    private final String name;
    private final int port;
    private WitnessStore store;
    private WitnessServer server;

    Running(String name) throws IOException {
      this.name = name;
      start(0);
      port = server.port();
      open.add(this::stop);
    }

    private void start(int at) throws IOException {
      store = WitnessStore.open(folder.resolve(name));
      var witness = new Witness(LOG, name, key(name), store, InstantSource.system());
      server = WitnessServer.start("127.0.0.1", at, () -> witness);
    }

    void again() throws IOException {
      start(port);
    }

    void stop() throws IOException {
      server.close();
      store.close();
    }

    WitnessPolicy.Named named() {
      return new WitnessPolicy.Named(
          WitnessKey.of(name, key(name).publicKey()), URI.create("http://127.0.0.1:" + port));
    }
  }

  private Ed25519Key key(String name) {
    return keys.computeIfAbsent(name, _ -> Ed25519Key.generate());
  }

  @Test
  void aCheckpointCarriesTheCosignaturesOfAll() throws IOException {
    var ada = new Running("ada");
    var bob = new Running("bob");
    var asking = asking(2, ada, bob);

    for (int grown : new int[] {1, 300, 7}) {
      CheckpointNote note = asking.cosign(grow(grown)).orElseThrow();

      assertThat(note.isSignedBy(LOG)).isTrue();
      assertThat(ada.named().key().verify(note)).isPresent();
      assertThat(bob.named().key().verify(note)).isPresent();
    }
    assertThat(asking.state()).allMatch(one -> one.fault() == null && one.seenSize() == 308);
  }

  @Test
  void withoutEnoughOfThemThereIsNothingAndOnceTheyAreBackOneCheckpointStandsForAll()
      throws IOException {
    var ada = new Running("ada");
    var bob = new Running("bob");
    var asking = asking(2, ada, bob);
    assertThat(asking.cosign(grow(5))).isPresent();

    bob.stop();
    assertThat(asking.cosign(grow(5))).isEmpty();
    assertThat(asking.cosign(grow(5))).isEmpty();
    assertThat(asking.state().get(1).fault()).contains("away");
    bob.again();

    var note = asking.cosign(grow(5)).orElseThrow();
    assertThat(note.checkpoint().size()).isEqualTo(20);
    assertThat(bob.named().key().verify(note)).isPresent();
  }

  @Test
  void aMemberThatStartsAgainLearnsWhatTheWitnessSaw() throws IOException {
    var ada = new Running("ada");
    assertThat(asking(1, ada).cosign(grow(5))).isPresent();

    assertThat(asking(1, ada).cosign(grow(6))).isPresent();
  }

  @Test
  void aLogThatWasRolledBackIsNotCosigned() throws IOException {
    var ada = new Running("ada");
    assertThat(asking(1, ada).cosign(grow(50))).isPresent();

    var shorter = new MemoryLogView();
    var old = new ReceiptLog(ORIGIN);
    LogEvent.CheckpointSealed checkpoint = grow(old, shorter, 20, "leaf/");
    var asking = asking(1, shorter, ada);

    assertThat(asking.cosign(checkpoint)).isEmpty();
    assertThat(asking.state().getFirst().fault()).contains("it saw 50 leaves");
  }

  @Test
  void anotherLogUnderTheSameNameIsNotCosigned() throws IOException {
    var ada = new Running("ada");
    assertThat(asking(1, ada).cosign(grow(50))).isPresent();

    var other = new MemoryLogView();
    var forked = new ReceiptLog(ORIGIN);
    LogEvent.CheckpointSealed checkpoint = grow(forked, other, 80, "other/");
    var asking = asking(1, other, ada);

    assertThat(asking.cosign(checkpoint)).isEmpty();
    assertThat(asking.state().getFirst().fault()).contains("does not lead from size 50");
  }

  @Test
  void aWitnessWithAnotherKeyThanIsNamedForItCountsNothing() throws IOException {
    var ada = new Running("ada");
    var eve =
        new WitnessPolicy.Named(
            WitnessKey.of("ada", Ed25519Key.generate().publicKey()), ada.named().url());
    var asking = new HttpWitnesses(new WitnessPolicy(List.of(eve), 1), log, blocking);
    open.add(asking);

    assertThat(asking.cosign(grow(5))).isEmpty();
    assertThat(asking.state().getFirst().fault()).contains("not signed by the key");
  }

  @Test
  void readsAFileOfWitnessesAndNamesTheLineThatIsWrong() throws IOException {
    var ada = new Running("ada").named();
    var policy = new WitnessPolicy(List.of(ada), 1);
    Path file = folder.resolve("witnesses");
    Files.writeString(file, "# who cosigns\n\n" + policy.text());
    assertThat(WitnessPolicy.read(file)).isEqualTo(policy);

    for (String wrong : List.of("witness ada http://x", "quorum two", "quorum 1\nquorum 1", "x")) {
      Files.writeString(file, wrong + "\n");
      assertThatThrownBy(() -> WitnessPolicy.read(file))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("line");
    }
    Files.writeString(file, "quorum 1\n");
    assertThatThrownBy(() -> WitnessPolicy.read(file)).hasMessageContaining("quorum");
    Files.writeString(file, policy.text() + policy.text().lines().findFirst().orElseThrow() + "\n");
    assertThatThrownBy(() -> WitnessPolicy.read(file)).hasMessageContaining("named twice");
  }

  private HttpWitnesses asking(int quorum, Running... witnesses) {
    return asking(quorum, log, witnesses);
  }

  private HttpWitnesses asking(int quorum, MemoryLogView view, Running... witnesses) {
    var named = List.of(witnesses).stream().map(Running::named).toList();
    var asking = new HttpWitnesses(new WitnessPolicy(named, quorum), view, blocking);
    open.add(asking);
    return asking;
  }

  private LogEvent.CheckpointSealed grow(int count) {
    return grow(sequencer, log, count, "leaf/");
  }

  private static LogEvent.CheckpointSealed grow(
      ReceiptLog sequencer, MemoryLogView view, int count, String prefix) {
    var leaves = new ArrayList<LogLeaf>();
    for (long index = sequencer.size(); leaves.size() < count; index++) {
      String hex = "%08x%02x".formatted(index, prefix.hashCode() & 0xff);
      leaves.add(new LogLeaf(prefix + index, hex, "{}"));
    }
    var appended = sequencer.append(leaves, view).event().orElseThrow();
    sequencer.apply(appended);
    view.apply(appended);
    var checkpoint = sequencer.seal(LOG_KEY).orElseThrow();
    sequencer.apply(checkpoint);
    view.apply(checkpoint);
    return checkpoint;
  }
}

package xyz.openledger.cluster.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/** Who stores how much, and what may go again. */
class BlobOwnersTest {
  private static final TenantId ADA = new TenantId("ada");
  private static final TenantId BEN = new TenantId("ben");
  private static final long BLOCK = Owners.BLOCK_BYTES;

  /** A tenant may store three blocks, tenants together eight of ten. */
  private static final BlobSettings SETTINGS =
      new BlobSettings(1 << 20, 10 * BLOCK, 2 * BLOCK, 3 * BLOCK, 100_000);

  @TempDir Path directory;
  private BlobStore store;

  @BeforeEach
  void open() throws IOException {
    store = BlobStore.open(directory, SETTINGS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void restart() throws IOException {
    close();
    open();
  }

  private static byte[] block(int seed) {
    byte[] content = new byte[(int) BLOCK];
    new Random(seed).nextBytes(content);
    return content;
  }

  private Held file(int seed, TenantId tenant) {
    return store.holdFile(new ByteArrayInputStream(block(seed)), tenant);
  }

  /** Deletes what no file of a tenant has, as if it had these. */
  private void sweep(TenantId tenant, Set<Digest> kept) {
    store
        .fileContents(tenant)
        .forEach(
            (content, stamp) -> {
              if (!kept.contains(content)) {
                store.drop(content, stamp);
              }
            });
  }

  @Test
  void oneTenantStoresSoMuchAndLeavesRoomToOthersAlsoAfterAStart() throws IOException {
    store.put(block(1), ADA);
    store.put(new byte[] {1}, ADA);
    assertThat(store.bytesOf(ADA)).as("a byte takes a block, too").isEqualTo(2 * BLOCK);
    restart();
    store.put(block(2), ADA);

    assertThatThrownBy(() -> store.put(block(3), ADA))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem()).isEqualTo(Problem.TOO_LARGE))
        .hasMessageContaining("what ada stored here takes 12288 of the 12288 bytes")
        .hasMessageContaining("delete files")
        .hasMessageContaining("openledger.blobs.tenant-max");
    assertThatThrownBy(() -> store.hold(block(3), ADA)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> file(3, ADA)).isInstanceOf(ProblemException.class);
    assertThat(store.has(Digest.of(block(3)))).isFalse();
    assertThat(store.put(block(2), ADA).bytes()).as("a repeat").isEqualTo(BLOCK);
    assertThat(store.put(block(3), BEN).bytes()).as("another tenant").isEqualTo(BLOCK);
  }

  @Test
  void theSameBytesCountForEachWhoBringsThem() {
    store.put(block(1), ADA);
    store.put(block(1), BEN);
    store.put(block(1), ADA);

    assertThat(store.bytesOf(ADA)).isEqualTo(BLOCK);
    assertThat(store.bytesOf(BEN)).isEqualTo(BLOCK);
    assertThat(store.totalBytes()).isEqualTo(BLOCK);
  }

  @Test
  void whatTenantsLeaveNodesMayFill() {
    for (int i = 0; i < 8; i++) {
      store.put(block(i), new TenantId("t" + i));
    }

    assertThatThrownBy(() -> store.put(block(8), ADA))
        .hasMessageContaining("the blob store is full");
    assertThat(store.hasRoom()).isFalse();
    store.put(block(8));
    store.put(block(9));
    assertThatThrownBy(() -> store.put(block(10))).hasMessageContaining("the blob store is full");
  }

  @Test
  void anInputGoesWhenItsJobIsRefusedAndStaysWhenItIsTaken() throws IOException {
    Held refused = store.hold(block(1), ADA);
    Held taken = store.hold(block(2), ADA);
    var first = store.naming();
    assertThat(first.during(() -> store.read(refused.digest()))).hasValue(block(1));
    var second = store.naming();
    assertThat(second.during(() -> store.read(taken.digest()))).hasValue(block(2));
    first.leave();
    refused.leave();
    second.named();
    taken.leave();

    assertThat(store.read(refused.digest())).isEmpty();
    assertThat(store.read(taken.digest())).hasValue(block(2));
    assertThat(store.totalBytes()).isEqualTo(BLOCK);
    assertThat(store.bytesOf(ADA)).isEqualTo(BLOCK);
    restart();
    assertThat(store.has(taken.digest())).isTrue();
  }

  @Test
  void anInputOfTwoQuestionsStaysWhenOneOfThemIsTaken() {
    Held one = store.hold(block(1), ADA);
    Held other = store.hold(block(1), ADA);
    one.named();
    other.leave();

    assertThat(store.has(one.digest())).isTrue();
  }

  @Test
  void anInputThatAnybodyElseAsksForOrBringsStays() {
    Held asked = store.hold(block(1), ADA);
    assertThat(store.has(asked.digest())).isTrue();
    Held brought = store.hold(block(2), ADA);
    store.put(block(2), BEN);
    Held shared = store.hold(block(3), ADA);
    store.hold(block(3), BEN).leave();
    List.of(asked, brought, shared).forEach(Held::leave);

    assertThat(List.of(asked, brought, shared)).allMatch(held -> store.isHere(held.digest()));
  }

  @Test
  void anInputThatWasHeldWhenTheMemberDiedStays() throws IOException {
    Held held = store.hold(block(1), ADA);
    restart();

    sweep(ADA, Set.of());
    assertThat(store.has(held.digest())).isTrue();
  }

  @Test
  void theContentOfADeletedFileGoesAndLeavesItsTenantRoom() throws IOException {
    for (int i = 0; i < 20; i++) {
      Held content = file(i, ADA);
      content.leave();
      sweep(ADA, Set.of(content.digest()));
      assertThat(store.content(content.digest())).as("a file has it").isPresent();
      if (i == 10) {
        restart();
      }
      sweep(ADA, Set.of());
      assertThat(store.content(content.digest())).isEmpty();
    }

    assertThat(store.bytesOf(ADA)).isZero();
    assertThat(store.totalBytes()).isZero();
  }

  @Test
  void theContentOfAFileStaysWhereAJobMayNameIt() throws IOException {
    Held read = file(1, ADA);
    store.naming().during(() -> store.has(read.digest()));
    Held put = file(2, ADA);
    store.put(block(2), ADA);
    Held asked = file(3, ADA);
    store.hold(block(3), ADA).named();
    List.of(read, put, asked).forEach(Held::leave);
    restart();
    sweep(ADA, Set.of());

    assertThat(List.of(read, put, asked)).allMatch(held -> store.isHere(held.digest()));
    assertThat(store.bytesOf(ADA)).as("it still counts").isEqualTo(3 * BLOCK);
  }

  @Test
  void aFileThatComesWhileFilesAreListedKeepsItsContent() {
    file(1, ADA).leave();
    Map<Digest, Long> before = store.fileContents(ADA);
    file(1, ADA).leave();
    before.forEach(store::drop);

    assertThat(store.isHere(Digest.of(block(1)))).isTrue();
  }

  @Test
  void whateverHappensWhatIsNamedStaysAndWhatCountsIsThere() throws IOException {
    for (int seed = 0; seed < 6; seed++) {
      var random = new Random(seed);
      Set<Digest> named = new HashSet<>();
      Set<Digest> files = new HashSet<>();
      var held = new HashMap<Held, Boolean>();
      for (int step = 0; step < 60; step++) {
        int content = 100 * seed + random.nextInt(4);
        TenantId tenant = random.nextInt(4) == 0 ? BEN : ADA;
        try {
          step(random, content, tenant, named, files, held);
        } catch (ProblemException full) {
          assertThat(full.problem()).isIn(Problem.TOO_LARGE, Problem.UNAVAILABLE);
        }
        String where = "seed " + seed + ", step " + step;
        assertThat(named).as(where).allMatch(store::isHere);
        assertThat(files).as(where).allMatch(store::isHere);
        assertThat(store.totalBytes()).as(where).isEqualTo(onDisk());
        assertThat(store.bytesOf(ADA)).as(where).isBetween(0L, 3 * BLOCK);
      }
      held.keySet().forEach(Held::leave);
    }
  }

  private void step(
      Random random,
      int content,
      TenantId tenant,
      Set<Digest> named,
      Set<Digest> files,
      Map<Held, Boolean> held)
      throws IOException {
    switch (random.nextInt(7)) {
      case 0 -> held.put(store.hold(block(content), tenant), false);
      case 1 -> {
        Held file = file(content, ADA);
        files.add(file.digest());
        file.leave();
      }
      case 2 -> {
        if (store.naming().during(() -> store.isHere(Digest.of(block(content))))) {
          var naming = store.naming();
          naming.during(() -> store.has(Digest.of(block(content))));
          if (random.nextBoolean()) {
            naming.named();
            named.add(Digest.of(block(content)));
          } else {
            naming.leave();
          }
        }
      }
      case 3 -> {
        for (Held one : new ArrayList<>(held.keySet())) {
          if (random.nextBoolean()) {
            one.named();
            named.add(one.digest());
          } else {
            one.leave();
          }
          held.remove(one);
        }
      }
      case 4 -> {
        files.remove(Digest.of(block(content)));
        sweep(ADA, files);
      }
      case 5 -> {
        if (random.nextInt(4) == 0) {
          held.clear();
          restart();
        }
      }
      default -> {
        store.put(block(content), random.nextInt(3) == 0 ? null : tenant);
        named.add(Digest.of(block(content)));
      }
    }
  }

  private long onDisk() throws IOException {
    try (var files = Files.walk(directory.resolve("sha256"))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}

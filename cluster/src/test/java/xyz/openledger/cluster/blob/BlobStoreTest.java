package xyz.openledger.cluster.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

class BlobStoreTest {
  private static final BlobSettings SETTINGS = new BlobSettings(1 << 20, 3 << 20, 100_000);

  @TempDir Path directory;

  private BlobStore open() throws IOException {
    return BlobStore.open(directory, SETTINGS);
  }

  private static byte[] content(int length, long seed) {
    byte[] content = new byte[length];
    new Random(seed).nextBytes(content);
    return content;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 1 << 20})
  void whatIsPutIsReadBackAlsoByTheNextStart(int length) throws IOException {
    byte[] content = content(length, 1);
    Blob blob = open().put(content);

    var store = open();
    assertThat(blob).isEqualTo(new Blob(Digest.of(content), length));
    assertThat(store.has(blob.digest())).isTrue();
    assertThat(store.read(blob.digest())).hasValue(content);
    assertThat(store.find(blob.digest())).hasValue(blob);
    assertThat(store.totalBytes()).isEqualTo(length);
    assertThat(directory.resolve("sha256/" + blob.digest().hex().substring(0, 2)))
        .isDirectoryContaining(file -> file.endsWith(blob.digest().hex()));
  }

  @Test
  void whatIsNotThereIsNotFound() throws IOException {
    var absent = Digest.of(new byte[] {7});

    assertThat(open().has(absent)).isFalse();
    assertThat(open().read(absent)).isEmpty();
    assertThat(open().open(absent)).isEmpty();
  }

  @Test
  void anotherDigestIsRefusedAndNothingIsKept() throws IOException {
    var store = open();
    byte[] content = content(1_000, 2);
    var wrong = Digest.of(content(1_000, 3));

    assertThatThrownBy(() -> store.put(new ByteArrayInputStream(content), wrong, null))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem()).isEqualTo(Problem.DIGEST_MISMATCH));
    assertEmpty(store);
    assertThat(store.has(wrong)).isFalse();
    assertThat(store.has(Digest.of(content))).isFalse();
  }

  @Test
  void aBlobThatIsTooLongIsRefusedAndNothingIsKept() throws IOException {
    var store = open();

    assertThatThrownBy(() -> store.put(content((1 << 20) + 1, 4)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem()).isEqualTo(Problem.TOO_LARGE));
    assertEmpty(store);
  }

  @Test
  void aFullStoreRefusesClearlyAndStillReads() throws IOException {
    var store = open();
    for (int i = 0; i < 3; i++) {
      store.put(content(1 << 20, i));
    }

    assertThatThrownBy(() -> store.put(content(1, 9)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("unavailable")
        .hasMessageContaining("full: it holds 3145728 of 3145728 bytes");
    assertThat(store.read(Digest.of(content(1 << 20, 0)))).isPresent();
    assertThat(store.put(content(1 << 20, 0)).bytes()).as("a repeat").isEqualTo(1 << 20);
  }

  @Test
  void aStreamThatBreaksLeavesNothing() throws IOException {
    var store = open();
    var half = new ByteArrayInputStream(content(100_000, 7));
    var breaking =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("nobody reads single bytes");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = half.read(bytes, offset, length);
            if (read < 0) {
              throw new IOException("the line broke");
            }
            return read;
          }
        };

    assertThatThrownBy(() -> store.put(breaking, null, null))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("the line broke");
    assertEmpty(store);
  }

  @Test
  void halvesOfAnEarlierLifeAreSwept() throws IOException {
    open();
    Files.write(directory.resolve("incoming/half"), content(500, 5));

    assertEmpty(open());
  }

  @Test
  void aSmallBlobWhoseFileHasChangedIsNotReturned() throws IOException {
    byte[] content = content(100, 6);
    var digest = open().put(content).digest();
    Path file = directory.resolve("sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex());
    content[50] ^= 1;
    Files.write(file, content);

    var store = open();
    assertThatThrownBy(() -> store.read(digest))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no longer has that digest");
  }

  @Test
  void theSameBlobFromManyAtOnceIsCountedOnce() throws Exception {
    var store = open();
    byte[] content = content(200_000, 8);
    try (var threads = Executors.newFixedThreadPool(8)) {
      var puts =
          IntStream.range(0, 16)
              .<Callable<Blob>>mapToObj(
                  _ -> () -> store.put(new ByteArrayInputStream(content), null, null))
              .toList();
      for (var put : threads.invokeAll(puts)) {
        assertThat(put.get().digest()).isEqualTo(Digest.of(content));
      }
    }

    assertThat(store.totalBytes()).isEqualTo(200_000);
    assertThat(directory.resolve("incoming")).isEmptyDirectory();
  }

  @Test
  void theCacheKeepsToItsBound() {
    var small = new SmallBlobs(10_000);
    for (int i = 0; i < 100; i++) {
      byte[] content = content(1_000, i);
      small.put(Digest.of(content), content);
    }

    long kept =
        IntStream.range(0, 100)
            .filter(i -> small.get(Digest.of(content(1_000, i))) != null)
            .count();
    assertThat(kept).isBetween(1L, 10L);
    assertThat(small.get(Digest.of(content(1_000, 99)))).as("the last one").isNotNull();
  }

  private void assertEmpty(BlobStore store) {
    assertThat(store.totalBytes()).isZero();
    assertThat(directory.resolve("incoming")).isEmptyDirectory();
  }
}

package xyz.openledger.nodes.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Digest;

class BlobCacheTest {
  @TempDir Path folder;

  @Test
  void dropsWhatWasUsedLongestAgo() throws IOException {
    var cache = BlobCache.open(folder, 30);
    Digest first = add(cache, 1);
    Digest second = add(cache, 2);
    Digest third = add(cache, 3);
    assertThat(cache.read(first)).isPresent();

    Digest fourth = add(cache, 4);

    assertThat(cache.has(second)).isFalse();
    assertThat(cache.read(first)).contains(bytes(1));
    assertThat(cache.has(third)).isTrue();
    assertThat(cache.has(fourth)).isTrue();
    assertThat(cache.bytes()).isEqualTo(30);
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(3);
    }
  }

  @Test
  void keepsTheNewestEvenIfItIsLargerThanTheBound() throws IOException {
    var cache = BlobCache.open(folder, 5);

    assertThat(cache.read(add(cache, 1))).isPresent();
  }

  @Test
  void takesUpWhatAnEarlierProcessLeft() throws IOException {
    Digest old = add(BlobCache.open(folder, 100), 1);
    Digest young = add(BlobCache.open(folder, 100), 2);
    Files.setLastModifiedTime(file(old), FileTime.fromMillis(1_000));
    Files.setLastModifiedTime(file(young), FileTime.fromMillis(2_000));
    Files.writeString(folder.resolve("partial/unfinished"), "x");

    var cache = BlobCache.open(folder, 25);

    assertThat(cache.bytes()).isEqualTo(20);
    assertThat(folder.resolve("partial/unfinished")).doesNotExist();
    add(cache, 3);
    assertThat(cache.has(old)).isFalse();
    assertThat(cache.has(young)).isTrue();
  }

  @Test
  void standsAFileThatSomebodyDeleted() throws IOException {
    var cache = BlobCache.open(folder, 100);
    Digest blob = add(cache, 1);
    Files.delete(file(blob));

    assertThat(cache.read(blob)).isEmpty();
    assertThat(cache.has(blob)).isFalse();
    assertThat(cache.bytes()).isZero();
  }

  private Path file(Digest digest) {
    return folder.resolve("sha256").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
  }

  private static Digest add(BlobCache cache, int number) throws IOException {
    Digest digest = Digest.of(bytes(number));
    Path file = Files.write(cache.partial().resolve(digest.hex()), bytes(number));
    cache.adopt(digest, file);
    return digest;
  }

  private static byte[] bytes(int number) {
    byte[] bytes = new byte[10];
    bytes[0] = (byte) number;
    return bytes;
  }
}

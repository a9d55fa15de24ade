package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.cluster.http.RunningServer.Answer;
import xyz.openledger.protocol.Digest;

class BlobRoutesTest {
  private static RunningServer member;

  @BeforeAll
  static void start() {
    member = new RunningServer();
  }

  @AfterAll
  static void stop() {
    member.close();
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  private static Answer put(byte[] content) {
    return member.send(
        member
            .request("/api/v1/blobs/" + Digest.of(content))
            .PUT(BodyPublishers.ofByteArray(content)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_536, 65_537, 3_000_000})
  void whatIsStoredIsReadBack(int length) {
    byte[] content = content(length);

    assertThat(put(content).status()).isEqualTo(201);
    assertThat(put(content).status()).as("a repeat").isEqualTo(201);

    Answer answer = member.get("/api/v1/blobs/" + Digest.of(content));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.response().body()).isEqualTo(content);
    assertThat(answer.header("ETag")).isEqualTo("\"" + Digest.of(content) + "\"");
  }

  @Test
  void aBlobOfUnknownLengthIsStored() {
    byte[] content = content(200_000);
    var chunks = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content));

    Answer answer = member.send(member.request("/api/v1/blobs").POST(chunks));

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().get("digest").textValue()).isEqualTo(Digest.of(content).toString());
    assertThat(answer.json().get("bytes").intValue()).isEqualTo(200_000);
  }

  @Test
  void aHeadTellsTheLength() {
    byte[] content = content(70_000);
    put(content);

    Answer there =
        member.send(
            member
                .request("/api/v1/blobs/" + Digest.of(content))
                .method("HEAD", BodyPublishers.noBody()));
    Answer absent =
        member.send(
            member
                .request("/api/v1/blobs/" + Digest.of(new byte[] {9}))
                .method("HEAD", BodyPublishers.noBody()));

    assertThat(there.status()).isEqualTo(200);
    assertThat(there.header("Content-Length")).isEqualTo("70000");
    assertThat(absent.status()).isEqualTo(404);
  }

  @ParameterizedTest(name = "{0}: {1} bytes from {2}")
  @CsvSource({
    "bytes=0-9, 10, 0",
    "bytes=99990-, 10, 99990",
    "bytes=-7, 7, 99993",
    "bytes=99990-200000, 10, 99990",
    "bytes=66000-66000, 1, 66000",
  })
  void aRangeIsReadAlone(String range, int length, int from) {
    byte[] content = content(100_000);
    put(content);

    Answer answer =
        member.send(member.request("/api/v1/blobs/" + Digest.of(content)).header("Range", range));

    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.header("Content-Range"))
        .isEqualTo("bytes %d-%d/100000".formatted(from, from + length - 1));
    assertThat(answer.response().body())
        .isEqualTo(Arrays.copyOfRange(content, from, from + length));
  }

  @Test
  void aRangeBeyondTheEndIsRefused() {
    byte[] content = content(100);
    put(content);

    Answer answer =
        member.send(
            member.request("/api/v1/blobs/" + Digest.of(content)).header("Range", "bytes=100-"));

    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.header("Content-Range")).isEqualTo("bytes */100");
  }

  @Test
  void severalRangesAreAnsweredWithTheWhole() {
    byte[] content = content(100);
    put(content);

    Answer answer =
        member.send(
            member.request("/api/v1/blobs/" + Digest.of(content)).header("Range", "bytes=0-1,5-6"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.response().body()).hasSize(100);
  }

  @Test
  void aBlobOfUnknownLengthThatIsTooLongLeavesNothing() {
    long before = member.blobs.totalBytes();
    try (var small = new RunningServer()) {
      byte[] chunk = new byte[1 << 20];
      var endless = BodyPublishers.ofInputStream(() -> new Zeros(chunk.length * 80L));
      Answer answer;
      try {
        answer = small.send(small.request("/api/v1/blobs").expectContinue(false).POST(endless));
      } catch (IllegalStateException cut) {
        // The connection was ended while the client was still writing: refused all the same.
        answer = null;
      }

      assertThat(answer == null || answer.status() == 413).isTrue();
      assertThat(small.blobs.totalBytes()).isZero();
    }
    assertThat(member.blobs.totalBytes()).isEqualTo(before);
  }

  /** So many zeros. */
  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      int count = (int) Math.min(length, left);
      left -= count;
      return count == 0 ? -1 : count;
    }
  }
}

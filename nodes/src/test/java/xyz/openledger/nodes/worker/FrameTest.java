package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.SavedState;

class FrameTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void arriveAsTheyWereSentHoweverThePipeCutsThem(int seed) throws IOException {
    var random = new SplittableRandom(seed);
    var sent = IntStream.range(0, 200).mapToObj(_ -> frame(random)).toList();

    var reader = new FrameReader(dribbling(encoded(sent), random));
    var arrived = new ArrayList<Frame>();
    for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
      arrived.add(frame);
    }

    assertThat(arrived).hasSameSizeAs(sent);
    assertThat(arrived.getFirst()).usingRecursiveComparison().isEqualTo(sent.getFirst());
    assertThat(encoded(arrived)).isEqualTo(encoded(sent));
  }

  @Test
  void knowsWhetherAnotherFrameIsHere() throws IOException {
    byte[] two = encoded(List.of(new Frame.Unknown(1), new Frame.Unknown(2)));
    var reader = new FrameReader(new ByteArrayInputStream(two));

    assertThat(reader.hasFrame()).isFalse();
    reader.read();
    assertThat(reader.hasFrame()).isTrue();
    reader.read();
    assertThat(reader.hasFrame()).isFalse();
  }

  /**
   * Whatever a broken worker sends, the agent gets a frame or an I/O error, and never runs out of
   * memory over it.
   */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3, 4})
  void areRefusedWhenTheyAreDamaged(int seed) throws IOException {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = encoded(List.of(frame(random)));
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        new FrameReader(new ByteArrayInputStream(bytes)).read();
      } catch (IOException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void areRefusedWhenTheyPromiseMoreThanAFrameMayHold() {
    byte[] bytes = {0x7f, -1, -1, -1, 6};

    assertThatThrownBy(() -> new FrameReader(new ByteArrayInputStream(bytes)).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("2147483647");
  }

  @Test
  void areRefusedWhenTheyAreLongerThanTheirFields() throws IOException {
    byte[] bytes = encoded(List.of(new Frame.Unknown(1), new Frame.Unknown(2)));
    bytes[3]++;

    assertThatThrownBy(() -> new FrameReader(new ByteArrayInputStream(bytes)).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1 bytes too many");
  }

  private static byte[] encoded(List<Frame> frames) throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = new FrameWriter(out);
    frames.forEach(writer::add);
    writer.flush();
    return out.toByteArray();
  }

  /** Gives a few bytes at a time, as a pipe may. */
  private static InputStream dribbling(byte[] bytes, SplittableRandom random) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, random.nextInt(1, 5_000)));
      }
    };
  }

  private static Frame frame(SplittableRandom random) {
    int id = random.nextInt();
    return switch (random.nextInt(13)) {
      case 0 -> new Frame.Load(id, digest(random), bytes(random));
      case 1 ->
          new Frame.Run(
              id,
              digest(random),
              random.nextInt(),
              random.nextLong(),
              request(random),
              random.nextBoolean()
                  ? null
                  : new SavedState(
                      digest(random), random.nextInt(1, 100), random.nextLong(1, Long.MAX_VALUE)));
      case 2 -> new Frame.Ready(id);
      case 3 -> new Frame.Loaded(id, digest(random));
      case 4 -> new Frame.Refused(id, text(random), random.nextInt(), text(random));
      case 5 -> new Frame.Unknown(id);
      case 6 -> new Frame.Ran(id, digest(random), execution(random));
      case 7 -> new Frame.Yield(id, random.nextInt());
      case 8 -> new Frame.Saved(id, random.nextInt(), random.nextLong(), bytes(random));
      case 9 -> new Frame.Ping(id);
      case 10 -> new Frame.Pong(id);
      case 11 -> new Frame.Together(id);
      default -> new Frame.Faulted(id, text(random), text(random));
    };
  }

  private static ExecutionRequest request(SplittableRandom random) {
    var arguments = IntStream.range(0, random.nextInt(4)).mapToObj(_ -> text(random)).toList();
    var limits =
        new ExecutionLimits(
            random.nextLong(1, Long.MAX_VALUE), random.nextLong(1 << 30), random.nextLong(1 << 24));
    return new ExecutionRequest(digest(random), arguments, bytes(random), limits);
  }

  private static Execution execution(SplittableRandom random) {
    var statuses = List.of(Outcome.Status.values());
    var status = statuses.get(random.nextInt(statuses.size()));
    return new Execution(
        status,
        random.nextInt(),
        random.nextLong(),
        bytes(random),
        text(random),
        random.nextLong());
  }

  private static Digest digest(SplittableRandom random) {
    return new Digest(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private static byte[] bytes(SplittableRandom random) {
    // Now and then more than a buffer.
    byte[] bytes = new byte[random.nextInt(20) == 0 ? random.nextInt(300_000) : random.nextInt(50)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String text(SplittableRandom random) {
    return "wörd ".repeat(random.nextInt(5));
  }
}

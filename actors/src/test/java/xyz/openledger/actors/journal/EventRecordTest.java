package xyz.openledger.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventRecordTest {
  private final EventRecord record = new EventRecord();

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readsWhatItWrote(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 30; i++) {
      var event = event(random);
      var tags = random.longs(event.tags().size()).toArray();
      long offset = random.nextLong();
      long number = random.nextLong();
      long previous = random.nextLong();

      var read = record.read(offset, write(event, offset, number, previous, tags), _ -> "ada");

      var expected =
          new StoredEvent(
              offset,
              "ada",
              number,
              event.sequenceNumber(),
              previous,
              event.timestampMillis(),
              event.adapterManifest(),
              event.writerUuid(),
              tags,
              event.event(),
              event.metadata());
      assertThat(read).usingRecursiveComparison().isEqualTo(expected);
    }
  }

  @Test
  void noticesEveryFlippedBit() {
    var bytes = write(event(new SplittableRandom(1)), 7, 1, 2, new long[] {3});
    for (int bit = 0; bit < bytes.capacity() * Byte.SIZE; bit++) {
      flip(bytes, bit);
      assertThat(isCorrupt(bytes)).as("bit %d", bit).isTrue();
      flip(bytes, bit);
    }
    assertThat(record.read(7, bytes, _ -> "ada").offset()).isEqualTo(7);
  }

  @Test
  void noticesEveryMissingTail() {
    var bytes = write(event(new SplittableRandom(2)), 7, 1, 2, new long[0]);
    for (int length = 0; length < bytes.capacity(); length++) {
      var cut = new UnsafeBuffer(bytes, 0, length);
      assertThat(isCorrupt(cut)).as("the first %d bytes", length).isTrue();
    }
  }

  @Test
  void noticesARecordInAnothersPlace() {
    var bytes = write(event(new SplittableRandom(3)), 7, 1, 2, new long[0]);

    assertThatThrownBy(() -> record.read(8, bytes, _ -> "ada"))
        .hasMessage("corrupt record of the event at offset 8: it belongs to offset 7");
  }

  private boolean isCorrupt(DirectBuffer bytes) {
    try {
      record.read(7, bytes, _ -> "ada");
      return false;
    } catch (JournalException.Corrupt _) {
      return true;
    }
  }

  private UnsafeBuffer write(NewEvent event, long offset, long number, long previous, long[] tags) {
    int bytes = record.prepare(event, offset, number, previous, tags);
    var buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes));
    record.write(event, buffer);
    return buffer;
  }

  private static void flip(UnsafeBuffer bytes, int bit) {
    int at = bit / Byte.SIZE;
    bytes.putByte(at, (byte) (bytes.getByte(at) ^ (1 << (bit % Byte.SIZE))));
  }

  private static NewEvent event(SplittableRandom random) {
    boolean uuid = random.nextBoolean();
    return new NewEvent(
        random.nextLong(),
        random.nextLong(),
        text(random, 60),
        uuid ? new UUID(random.nextLong(), random.nextLong()).toString() : text(random, 60),
        Stream.generate(() -> "t" + random.nextInt(9)).limit(random.nextInt(4)).toList(),
        serialized(random),
        random.nextBoolean() ? serialized(random) : null);
  }

  private static Serialized serialized(SplittableRandom random) {
    var bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return new Serialized(random.nextInt(), text(random, 90), bytes);
  }

  private static String text(SplittableRandom random, int lengthMax) {
    var letters = List.of("a", "ñ", "€", "😀");
    var text = new StringBuilder();
    for (int i = random.nextInt(lengthMax); i > 0; i--) {
      text.append(letters.get(random.nextInt(letters.size())));
    }
    return text.toString();
  }

  static Stream<Long> seeds() {
    var seed = Long.getLong("seed");
    return seed != null ? Stream.of(seed) : Stream.of(1L, 2L, System.nanoTime());
  }
}

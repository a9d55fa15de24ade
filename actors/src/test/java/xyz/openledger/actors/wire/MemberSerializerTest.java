package xyz.openledger.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("ArrayRecordComponent") // messages hold bytes
class MemberSerializerTest {
  private static final int BYTES_MAX = 64 << 10;

  private static final ActorTestKit KIT =
      ActorTestKit.create("wire", ConfigFactory.parseString("pekko.loglevel = ERROR"));

  private static final MemberSerializer SERIALIZER =
      new MemberSerializer(
          new KryoFactory(
              ActorRefResolver.get(KIT.system()), lines(Ask.class, Everything.class, Mood.class)),
          BYTES_MAX);

  private enum Mood {
    CALM,
    EAGER {}
  }

  private record Ask(String question, @Nullable Ask before, ActorRef<Ask> replyTo)
      implements MemberMessage {}

  private record Everything(
      boolean yes,
      byte octet,
      short small,
      int number,
      long large,
      float half,
      double real,
      char letter,
      Long boxed,
      String text,
      byte[] bytes,
      long[] longs,
      BigInteger big,
      Instant at,
      Duration span,
      Optional<String> maybe,
      Mood mood,
      List<Object> list,
      Set<String> set,
      SortedSet<String> sortedSet,
      Map<String, Mood> map,
      SortedMap<Integer, String> sortedMap)
      implements MemberMessage {}

  private record Stranger() implements MemberMessage {}

  private static List<KryoIds.Line> lines(Class<?>... types) {
    return IntStream.range(0, types.length)
        .mapToObj(i -> new KryoIds.Line(KryoIds.FIRST + i, types[i].getName(), false))
        .toList();
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void carriesEveryKindOfComponent() {
    var everything = everything();

    assertThat(copy(everything)).usingRecursiveComparison().isEqualTo(everything);
  }

  private static Everything everything() {
    return new Everything(
        true,
        Byte.MIN_VALUE,
        Short.MAX_VALUE,
        -7,
        Long.MIN_VALUE,
        1.5f,
        Math.PI,
        'ñ',
        42L,
        "¿qué tal?",
        new byte[] {1, -1},
        new long[] {3, -3},
        BigInteger.TWO.pow(100).negate(),
        Instant.ofEpochSecond(1_795_000_000, 7),
        Duration.ofNanos(-5),
        Optional.of("here"),
        Mood.EAGER,
        List.of("a", 1, Mood.CALM, List.of()),
        Set.of("x", "y", "z"),
        new TreeSet<>(List.of("b", "a")),
        Map.of("ada", Mood.CALM),
        new TreeMap<>(Map.of(2, "two", 1, "one")));
  }

  @Test
  void carriesReferencesToActors() {
    var probe = KIT.<Ask>createTestProbe();

    var ask = copy(new Ask("again?", new Ask("well?", null, probe.ref()), probe.ref()));

    assertThat(ask.replyTo()).isEqualTo(probe.ref());
    ask.replyTo().tell(ask);
    assertThat(probe.receiveMessage().before()).isEqualTo(new Ask("well?", null, probe.ref()));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void carriesAnyListAsAnUnmodifiableOne(List<String> list) {
    var received = copy(list);

    assertThat(received).isEqualTo(list);
    assertThatThrownBy(() -> received.add("more"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  static Stream<List<String>> lists() {
    return Stream.of(
        List.of(),
        List.of("a"),
        List.of("a", "b", "c"),
        new ArrayList<>(List.of("a", "b")),
        new CopyOnWriteArrayList<>(List.of("a")),
        Arrays.asList("a", null),
        Collections.unmodifiableList(new ArrayList<>(List.of("a"))),
        Stream.of("a", "b").toList(),
        List.of("a", "b", "c").subList(1, 3),
        List.of("a", "b").reversed());
  }

  @Test
  void carriesRepliesAndErrorsButNoExceptions() {
    assertThat(copy(StatusReply.success("fine"))).isEqualTo(StatusReply.success("fine"));
    assertThat(copy(StatusReply.ack()).getValue()).isEqualTo(Done.getInstance());
    assertThat(copy(StatusReply.error(new IllegalStateException("no room"))).getError())
        .isInstanceOf(StatusReply.ErrorMessage.class)
        .hasMessage("no room");
  }

  @Test
  void refusesAClassWithoutALine() {
    assertThatThrownBy(() -> SERIALIZER.toBinary(new Stranger()))
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining("Stranger")
        .hasMessageContaining("kryo-ids.txt")
        .hasMessageContaining("not registered");
  }

  @Test
  void refusesANumberWithoutAClass() {
    // Kryo writes a class as its number plus 2.
    assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[] {(byte) 0xff, 0x7f}))
        .isInstanceOf(WireFormatException.class);
  }

  @Test
  void refusesAMessageThatIsTooLarge() {
    var probe = KIT.<Ask>createTestProbe();
    var large = new Ask("?".repeat(BYTES_MAX), null, probe.ref());

    assertThatThrownBy(() -> SERIALIZER.toBinary(large))
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining("at most 65536 bytes");
    assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[BYTES_MAX + 1]))
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining("a message of 65537 bytes");
    assertThat(copy(new Ask("still works", null, probe.ref())).question()).isEqualTo("still works");
  }

  @Test
  void refusesASortedCollectionWithAnOrderOfItsOwn() {
    var backwards = new TreeSet<String>(Collections.reverseOrder());

    assertThatThrownBy(() -> SERIALIZER.toBinary(backwards)).hasMessageContaining("natural order");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("xyz.openledger.actors.wire.EventCodecsTest#seeds")
  void readsDamagedBytesOrSaysWhyNot(long seed) {
    var random = new SplittableRandom(seed);
    var bytes = SERIALIZER.toBinary(everything());
    for (int i = 0; i < 3_000; i++) {
      var damaged =
          Arrays.copyOf(bytes, random.nextInt(4) > 0 ? bytes.length : random.nextInt(bytes.length));
      for (int flips = random.nextInt(4); flips >= 0 && damaged.length > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(SERIALIZER.fromBinary(damaged)).isNotNull();
      } catch (WireFormatException refused) {
        assertThat(refused).hasMessageContaining("message");
      }
    }
  }

  @SuppressWarnings("unchecked") // what was written comes back
  private static <T> T copy(T message) {
    return (T) SERIALIZER.fromBinary(SERIALIZER.toBinary(message));
  }
}

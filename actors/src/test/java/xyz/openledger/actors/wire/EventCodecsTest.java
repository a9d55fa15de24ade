package xyz.openledger.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecsTest {
  private static final EventCodecs PARCELS = Parcel.codecs().build();
  private static final CBORMapper OTHERS = new CBORMapper();

  @ParameterizedTest
  @MethodSource("samples")
  void readsWhatItWrote(Object event) {
    var bytes = PARCELS.toBytes(event);

    assertThat(PARCELS.fromBytes(PARCELS.manifest(event), bytes))
        .usingRecursiveComparison()
        .isEqualTo(event);
  }

  static Stream<Object> samples() {
    return Parcel.samples().values().stream();
  }

  @Test
  void writesWhatOtherCborReadersRead() throws IOException {
    Map<?, ?> fields = OTHERS.readValue(PARCELS.toBytes(Parcel.sent()), Map.class);
    var read = new LinkedHashMap<Object, Object>(fields);

    assertThat(read)
        .containsEntry("to", "Cusco:Plateros")
        .containsEntry("weightGrams", 1_250)
        .containsEntry("pieces", -2)
        .containsEntry("fragile", true)
        .containsEntry("value", 99.5)
        .containsEntry("label", new byte[] {1, 2, 3})
        .containsEntry("stamps", List.of("llama", "condor"))
        .doesNotContainKey("note")
        .containsEntry("patience", List.of(90, 500_000_000))
        .containsEntry("speed", "FAST")
        .containsEntry(
            "contents",
            Map.of(
                "crate",
                Map.of(
                    "inside",
                    List.of(
                        Map.of("letter", Map.of("text", "hola")),
                        Map.of("crate", Map.of("inside", List.of()))))));
  }

  @Test
  void readsWhatOtherCborWritersWriteInAnyOrder() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = OTHERS.getFactory().createGenerator(bytes)) {
      out.writeStartObject(null, 2);
      out.writeFieldName("evidence");
      out.writeBinary(new byte[] {7});
      out.writeStringField("last", "Lima:Ancash");
      out.writeEndObject();
    }

    var read = (Parcel.Lost) PARCELS.fromBytes("parcel.lost/1", bytes.toByteArray());

    assertThat(read.last()).hasToString("Lima:Ancash");
    assertThat(read.evidence()).containsExactly(7);
  }

  @Test
  void writesEqualIntegersLikeOthersDo() throws IOException {
    var edges =
        new long[] {0, 1, 23, 24, 255, 256, 65_535, 65_536, 1L << 31, 1L << 32, Long.MAX_VALUE};
    for (long edge : edges) {
      for (long value : new long[] {edge, -edge, ~edge}) {
        var out = CborWriter.ofThread();
        out.integer(value);

        var bytes = out.toBytes();

        assertThat(bytes).isEqualTo(OTHERS.writeValueAsBytes(value));
        assertThat(new CborReader(bytes).integer()).isEqualTo(value);
      }
    }
  }

  @Test
  void writesEqualMapsAndSetsAlikeWhateverTheirOrder() {
    var forwards = new LinkedHashMap<String, Long>();
    var backwards = new LinkedHashMap<String, Long>();
    for (int i = 0; i < 100; i++) {
      forwards.put("key" + i, (long) i);
      backwards.put("key" + (99 - i), 99L - i);
    }

    assertThat(PARCELS.toBytes(with(forwards))).isEqualTo(PARCELS.toBytes(with(backwards)));
  }

  private static Parcel.Sent with(Map<String, Long> duties) {
    var sent = Parcel.sent();
    return new Parcel.Sent(
        sent.to(),
        sent.weightGrams(),
        sent.pieces(),
        sent.fragile(),
        sent.value(),
        sent.label(),
        sent.stamps(),
        sent.note(),
        Optional.empty(),
        sent.speed(),
        sent.contents(),
        duties,
        sent.stops(),
        sent.refused(),
        sent.at(),
        sent.serial());
  }

  @Nested
  class GivenDamagedBytes {
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("xyz.openledger.actors.wire.EventCodecsTest#seeds")
    void readsThemOrSaysWhyNot(long seed) {
      var random = new SplittableRandom(seed);
      var bytes = PARCELS.toBytes(Parcel.sent());
      for (int i = 0; i < 2_000; i++) {
        var damaged =
            Arrays.copyOf(
                bytes, random.nextInt(4) > 0 ? bytes.length : random.nextInt(bytes.length));
        for (int flips = random.nextInt(4); flips >= 0 && damaged.length > 0; flips--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        try {
          assertThat(PARCELS.fromBytes("parcel.sent/1", damaged)).isNotNull();
        } catch (WireFormatException refused) {
          assertThat(refused).hasMessageStartingWith("parcel.sent/1: ");
        }
      }
    }

    @Test
    void doesNotBelieveALength() {
      // A byte string of 2^31 - 1 bytes, a list of 2^32 - 1 elements.
      refuses(
          "fields a byte string",
          "a1 656c6162656c 5a7fffffff",
          "label: a byte string longer than the 0 bytes");
      refuses(
          "fields a list",
          "a1 667374616d7073 9affffffff",
          "stamps: an array longer than the 0 bytes");
    }

    @Test
    void boundsNesting() {
      var crate = "a1 656372617465 a1 66696e73696465 81 ";
      refuses("crates", "a1 68636f6e74656e7473 " + crate.repeat(40), "nested deeper than 64");
    }

    private void refuses(String what, String hex, String why) {
      var bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
      assertThatThrownBy(() -> PARCELS.fromBytes("parcel.sent/1", bytes))
          .as(what)
          .isInstanceOf(WireFormatException.class)
          .hasMessageContaining(why);
    }
  }

  static Stream<Long> seeds() {
    var seed = Long.getLong("seed");
    return seed != null ? Stream.of(seed) : Stream.of(1L, 2L, 3L, System.nanoTime());
  }

  @Nested
  class AsEventsChange {
    private record Old(String name) {}

    private record Grown(String name, int priority, List<String> labels) {}

    private record Meant(String title) {}

    private static EventCodecs old() {
      return EventCodecs.builder().event("thing.made", 1, Old.class).build();
    }

    private static EventCodecs grown() {
      return EventCodecs.builder()
          .event("thing.made", 1, Grown.class)
          .added(Grown.class, "priority", 5)
          .added(Grown.class, "labels", List.of("none"))
          .build();
    }

    @Test
    void aMissingFieldTakesItsDefault() {
      var bytes = old().toBytes(new Old("ada"));

      assertThat(grown().fromBytes("thing.made/1", bytes))
          .isEqualTo(new Grown("ada", 5, List.of("none")));
    }

    @Test
    void aMissingFieldWithoutADefaultIsNamed() {
      var strict = EventCodecs.builder().event("thing.made", 1, Grown.class).build();

      assertThatThrownBy(() -> strict.fromBytes("thing.made/1", old().toBytes(new Old("ada"))))
          .hasMessage("thing.made/1: Grown: priority is missing and has no default");
    }

    @Test
    void anUnknownFieldIsRefused() {
      var bytes = grown().toBytes(new Grown("ada", 1, List.of()));

      assertThatThrownBy(() -> old().fromBytes("thing.made/1", bytes))
          .hasMessage("thing.made/1: Old has no field priority: a newer program wrote it");
    }

    @Test
    void anUnknownEventIsRefused() {
      assertThatThrownBy(() -> old().fromBytes("thing.made/2", new byte[0]))
          .hasMessage("thing.made/2 is not known here: a newer program wrote it");
    }

    @Test
    void anOlderVersionIsReadInItsNewestForm() {
      var changed =
          EventCodecs.builder()
              .older("thing.made", 1, Old.class, old -> new Meant("Dr " + old.name()))
              .event("thing.made", 2, Meant.class)
              .build();

      var read = changed.fromBytes("thing.made/1", old().toBytes(new Old("ada")));

      assertThat(read).isEqualTo(new Meant("Dr ada"));
      assertThat(changed.manifest(read)).isEqualTo("thing.made/2");
    }
  }

  @Nested
  class AtTheStart {
    private record Strange(List<Thread> threads) {}

    private sealed interface Choice {}

    private record Left() implements Choice {}

    private record Right() implements Choice {}

    private record Chosen(Choice choice) {}

    private record Count(long many) {}

    @Test
    void namesTheFieldThatCannotBeWritten() {
      assertThatThrownBy(() -> EventCodecs.builder().event("a.b", 1, Strange.class).build())
          .hasMessageContaining("a.b/1: ")
          .hasMessageContaining("Strange.threads: no codec for java.lang.Thread");
    }

    @Test
    void namesTheVariantThatHasNoName() {
      var builder =
          EventCodecs.builder()
              .union(Choice.class, Map.of("left", Left.class))
              .event("a.b", 1, Chosen.class);

      assertThatThrownBy(builder::build)
          .hasMessageContaining("Chosen.choice: union(")
          .hasMessageContaining("has no name for [class ")
          .hasMessageContaining("Right");
    }

    @Test
    void refusesANameOrClassThatIsUsedTwice() {
      var builder = EventCodecs.builder().event("a.b", 1, Left.class);

      assertThatThrownBy(() -> builder.event("a.b", 1, Right.class))
          .hasMessage("a.b/1 is registered twice");
      assertThatThrownBy(() -> builder.event("a.c", 1, Left.class).build())
          .hasMessageContaining("Left is registered twice");
    }

    @Test
    void refusesAnOddName() {
      assertThatThrownBy(() -> EventCodecs.builder().event("Job Submitted", 1, Left.class))
          .hasMessageContaining("called like job.submitted");
    }

    @Test
    void refusesADefaultThatDoesNotFit() {
      var builder =
          EventCodecs.builder().event("a.b", 1, Count.class).added(Count.class, "many", 5);

      assertThatThrownBy(builder::build).hasMessageContaining("Count.many is 5, not a Long");
    }

    @Test
    void refusesToWriteWhatIsNotRegistered() {
      assertThatThrownBy(() -> PARCELS.toBytes(new Left()))
          .hasMessageContaining("Left is not registered: add it to the event codecs");
    }
  }
}

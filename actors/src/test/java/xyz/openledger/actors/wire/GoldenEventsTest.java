package xyz.openledger.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check of golden bytes finds what it is there to find. */
class GoldenEventsTest {
  private static final Path INVENTED = Path.of("src/test/resources/golden/invented-events");

  private record Stamp(String text) {}

  private record GrownStamp(String text, int cents) {}

  @TempDir private Path folder;
  @TempDir private Path candidates;

  private final EventCodecs codecs =
      EventCodecs.builder().event("stamp.printed", 1, Stamp.class).build();
  private final Map<String, Object> samples = Map.of("stamp.printed/1", new Stamp("llama"));

  @BeforeEach
  void release() throws IOException {
    Files.write(folder.resolve("stamp.printed-1.1.cbor"), codecs.toBytes(new Stamp("llama")));
  }

  @Test
  void everyKindOfFieldIsWrittenAsItWas() throws IOException {
    assertThat(
            new GoldenEvents(Parcel.codecs().build(), Parcel.samples(), INVENTED, candidates)
                .complaints())
        .isEmpty();
  }

  @Test
  void isContentWithWhatWasReleased() throws IOException {
    assertThat(new GoldenEvents(codecs, samples, folder, candidates).complaints()).isEmpty();
  }

  @Test
  void missesTheBytesOfANewEvent() throws IOException {
    var more =
        EventCodecs.builder()
            .event("stamp.printed", 1, Stamp.class)
            .event("stamp.sold", 1, GrownStamp.class)
            .build();
    var moreSamples = new HashMap<>(samples);
    moreSamples.put("stamp.sold/1", new GrownStamp("llama", 3));

    assertThat(new GoldenEvents(more, moreSamples, folder, candidates).complaints())
        .singleElement()
        .asString()
        .startsWith("stamp.sold/1 has no golden bytes");
    assertThat(new GoldenEvents(more, samples, folder, candidates).complaints())
        .containsExactly("stamp.sold/1 has no sample");
  }

  @Test
  void missesAnEventThatWasRemoved() throws IOException {
    var fewer = EventCodecs.builder().build();

    assertThat(new GoldenEvents(fewer, Map.of(), folder, candidates).complaints())
        .containsExactly("stamp.printed/1 has golden bytes, but is not registered any more");
  }

  @Test
  void noticesAFieldThatWasAddedWithoutADefault() throws IOException {
    var grown = EventCodecs.builder().event("stamp.printed", 1, GrownStamp.class).build();
    var sample = Map.<String, Object>of("stamp.printed/1", new GrownStamp("llama", 3));

    assertThat(new GoldenEvents(grown, sample, folder, candidates).complaints())
        .anyMatch(complaint -> complaint.contains("cents is missing and has no default"));
  }

  @Test
  void acceptsANewGenerationBesideTheOld() throws IOException {
    var grown =
        EventCodecs.builder()
            .event("stamp.printed", 1, GrownStamp.class)
            .added(GrownStamp.class, "cents", 0)
            .build();
    var sample = new GrownStamp("llama", 3);
    var golden = new GoldenEvents(grown, Map.of("stamp.printed/1", sample), folder, candidates);

    assertThat(golden.complaints())
        .singleElement()
        .asString()
        .startsWith("stamp.printed/1 is written differently than stamp.printed-1.1.cbor");
    Files.write(folder.resolve("stamp.printed-1.2.cbor"), grown.toBytes(sample));
    assertThat(golden.complaints()).isEqualTo(List.of());
  }

  @Test
  void asksForNoSampleOfAnOlderVersion() throws IOException {
    var newer =
        EventCodecs.builder()
            .older("stamp.printed", 1, Stamp.class, old -> new GrownStamp(old.text(), 1))
            .event("stamp.printed", 2, GrownStamp.class)
            .build();
    var sample = new GrownStamp("llama", 3);
    Files.write(folder.resolve("stamp.printed-2.1.cbor"), newer.toBytes(sample));

    assertThat(
            new GoldenEvents(newer, Map.of("stamp.printed/2", sample), folder, candidates)
                .complaints())
        .isEmpty();
  }
}

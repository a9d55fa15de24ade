package xyz.openledger.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.file.Path;
import java.util.Comparator;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;

/** The product's events and the product's configuration agree. */
class EventsTest {
  @Test
  void everyEventIsBoundToTheEventSerializer() {
    var system = ActorSystem.create("events");
    try {
      var serialization = SerializationExtension.get(system);

      var unbound =
          new Events()
              .get().types().stream()
                  .sorted(Comparator.comparing(Class::getName))
                  .filter(type -> !isBound(serialization, type))
                  .toList();

      assertThat(unbound)
          .as("missing in pekko.actor.serialization-bindings of reference.conf")
          .isEmpty();
    } finally {
      TestKit.shutdownActorSystem(system);
    }
  }

  @Test
  void everyEventIsWrittenAsItWasReleased() throws IOException {
    var codecs = new Events().get();
    var golden =
        new GoldenEvents(
            codecs,
            ProductSamples.of(codecs),
            Path.of("src/test/resources/golden/events"),
            Path.of("target/golden-candidates"));

    assertThat(String.join("\n", golden.complaints())).isEmpty();
  }

  private static boolean isBound(Serialization serialization, Class<?> type) {
    try {
      return serialization.serializerFor(type) instanceof EventSerializer;
    } catch (NotSerializableException _) {
      return false;
    }
  }
}

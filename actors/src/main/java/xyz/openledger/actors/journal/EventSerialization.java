package xyz.openledger.actors.journal;

import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Turns objects into their stored form and back, by the serializers that Pekko is configured with.
 */
final class EventSerialization {
  private final Serialization serialization;
  private final StoreSettings settings;

  EventSerialization(ActorSystem system, StoreSettings settings) {
    this.serialization = SerializationExtension.get(system);
    this.settings = settings;
  }

  /**
   * The stored form of an event.
   *
   * @throws Exception when no serializer takes it, or it is larger than allowed
   */
  NewEvent toStored(PersistentRepr event, String what) throws Exception {
    var payload = event.payload();
    var tags = List.<String>of();
    if (payload instanceof Tagged tagged) {
      payload = tagged.payload();
      tags = List.copyOf(CollectionConverters.asJava(tagged.tags()));
    }
    var metadata = event.metadata();
    return new NewEvent(
        event.sequenceNr(),
        event.timestamp(),
        event.manifest(),
        event.writerUuid(),
        tags,
        serialize(payload, what),
        metadata.isDefined() ? serialize(metadata.get(), what + " metadata") : null);
  }

  /** The event as its actor wrote it, before event adapters. */
  PersistentRepr toEvent(StoredEvent stored) {
    var event =
        PersistentRepr.apply(
                deserialize(stored.event()),
                stored.sequenceNumber(),
                stored.persistenceId(),
                stored.adapterManifest(),
                false,
                ActorRef.noSender(),
                stored.writerUuid())
            .withTimestamp(stored.timestampMillis());
    var metadata = stored.metadata();
    return metadata == null ? event : event.withMetadata(deserialize(metadata));
  }

  /**
   * The stored form of an object.
   *
   * @param what names the object in errors
   */
  Serialized serialize(Object object, String what) throws Exception {
    var serializer = serialization.findSerializerFor(object);
    var bytes = serialization.serialize(object).get();
    if (bytes.length > settings.recordBytesMax()) {
      throw new JournalException.Refused(
          "%s has %d bytes, %s.record-bytes-max allows %d"
              .formatted(what, bytes.length, settings.path(), settings.recordBytesMax()));
    }
    return new Serialized(
        serializer.identifier(), Serializers.manifestFor(serializer, object), bytes);
  }

  Object deserialize(Serialized stored) {
    return serialization
        .deserialize(stored.bytes(), stored.serializerId(), stored.manifest())
        .get();
  }
}

package xyz.openledger.actors.wire;

import java.util.function.Supplier;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Pekko's way to {@link EventCodecs}: the manifest is {@code name/version}, the bytes are CBOR. The
 * registry is the class that {@code openledger.wire.event-codecs} names, a {@code
 * Supplier<EventCodecs>}.
 */
public final class EventSerializer extends SerializerWithStringManifest {
  /** Written beside every event; never to change. */
  public static final int IDENTIFIER = 7402;

  private final EventCodecs codecs;

  /** Makes the registry that the system's configuration names. */
  public EventSerializer(ExtendedActorSystem system) {
    this.codecs = codecs(system.settings().config().getString("openledger.wire.event-codecs"));
  }

  private static EventCodecs codecs(String className) {
    try {
      var registry = Class.forName(className).getDeclaredConstructor();
      registry.setAccessible(true);
      return (EventCodecs) ((Supplier<?>) registry.newInstance()).get();
    } catch (ReflectiveOperationException | ClassCastException failure) {
      throw new IllegalArgumentException(
          "openledger.wire.event-codecs: %s is no Supplier<EventCodecs>".formatted(className),
          failure);
    }
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object event) {
    return codecs.manifest(event);
  }

  @Override
  public byte[] toBinary(Object event) {
    return codecs.toBytes(event);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    return codecs.fromBytes(manifest, bytes);
  }
}

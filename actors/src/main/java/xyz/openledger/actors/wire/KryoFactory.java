package xyz.openledger.actors.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.serializers.OptionalSerializers;
import com.esotericsoftware.kryo.serializers.TimeSerializers;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/**
 * Makes Kryo instances that write registered classes and nothing else: no class names, no object
 * graphs, no Java serialization. Collections are written as what they are, whatever their class,
 * and come back unmodifiable.
 */
final class KryoFactory {
  /** Messages within messages; the deepest of ours has fewer than ten levels. */
  private static final int DEPTH_MAX = 64;

  /** What may stand for a whole family of classes; the narrower family first. */
  private static final List<Class<?>> FAMILIES =
      List.of(ActorRef.class, List.class, SortedSet.class, Set.class, SortedMap.class, Map.class);

  private final ActorRefResolver actors;
  private final List<KryoIds.Line> lines;

  KryoFactory(ActorRefResolver actors, List<KryoIds.Line> lines) {
    this.actors = actors;
    this.lines = lines;
  }

  Kryo make() {
    var kryo = new Kryo(new FamilyResolver(), new MapReferenceResolver());
    kryo.setReferences(false);
    kryo.setRegistrationRequired(true);
    kryo.setMaxDepth(DEPTH_MAX);
    kryo.setClassLoader(KryoFactory.class.getClassLoader());
    registerCommon(kryo);
    for (var line : lines) {
      if (!line.retired()) {
        register(kryo, line.type(), line.id());
      }
    }
    return kryo;
  }

  /** Numbers 0 to 9 are Kryo's own: the primitive types, String and void. */
  private void registerCommon(Kryo kryo) {
    kryo.register(String.class, new BoundedSerializers.Text());
    kryo.register(byte[].class, new BoundedSerializers.Bytes(), 10);
    kryo.register(long[].class, new BoundedSerializers.Longs(), 11);
    kryo.register(List.class, new BoundedSerializers.Lists(), 20);
    kryo.register(Set.class, new BoundedSerializers.Sets(), 21);
    kryo.register(SortedSet.class, new BoundedSerializers.SortedSets(), 22);
    kryo.register(Map.class, new BoundedSerializers.Maps(), 23);
    kryo.register(SortedMap.class, new BoundedSerializers.SortedMaps(), 24);
    kryo.register(Optional.class, new OptionalSerializers.OptionalSerializer(), 25);
    kryo.register(Instant.class, new TimeSerializers.InstantSerializer(), 30);
    kryo.register(Duration.class, new TimeSerializers.DurationSerializer(), 31);
    kryo.register(BigInteger.class, new BoundedSerializers.BigIntegers(), 32);
    kryo.register(ActorRef.class, new PekkoSerializers.Refs(actors), 40);
    kryo.register(StatusReply.class, new PekkoSerializers.StatusReplies(), 41);
    kryo.register(Done.getInstance().getClass(), new PekkoSerializers.Dones(), 42);
  }

  private static void register(Kryo kryo, Class<?> type, int id) {
    if (type.isEnum()) {
      kryo.register(type, id);
    } else if (type.isRecord()) {
      kryo.register(type, MemberRecordSerializer.of(type), id);
    } else {
      throw new IllegalArgumentException(
          "kryo-ids.txt: line %d: %s is neither a record nor an enum"
              .formatted(id, type.getName()));
    }
  }

  /** Finds the family of a class that is not registered itself: any list is written as a List. */
  private static final class FamilyResolver extends DefaultClassResolver {
    @Override
    @SuppressWarnings("rawtypes") // as Kryo knows it
    public @Nullable Registration getRegistration(Class type) {
      var known = super.getRegistration(type);
      if (known != null) {
        return known;
      }
      for (var family : FAMILIES) {
        if (family.isAssignableFrom(type)) {
          var registration = super.getRegistration(family);
          classToRegistration.put(type, registration);
          return registration;
        }
      }
      return null;
    }
  }

  /** Whether values of a type are all written by the serializer of that very type. */
  static boolean isExact(Class<?> type) {
    return Modifier.isFinal(type.getModifiers()) || type.isEnum() || FAMILIES.contains(type);
  }
}

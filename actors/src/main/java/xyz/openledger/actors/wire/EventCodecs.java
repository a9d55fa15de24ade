package xyz.openledger.actors.wire;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may be journaled, by name and version: {@code job.submitted/1}. Immutable; safe
 * for any thread.
 *
 * <p>An event is a record, written as a CBOR map of its fields. The rules that keep old journals
 * readable: a name is never used again; fields are only added, and each added one is declared with
 * its default; a change of meaning is a new version with its own record. A sealed type inside an
 * event names its variants, and whatever is not a record says what it is written {@link
 * Builder#as}.
 */
public final class EventCodecs {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+)*");

  private record Entry(
      String manifest,
      Class<?> type,
      Codec<Object> codec,
      @Nullable Function<Object, Object> upgrade) {}

  private final Map<String, Entry> byManifest;
  private final Map<Class<?>, Entry> byType;

  private EventCodecs(Map<String, Entry> byManifest, Map<Class<?>, Entry> byType) {
    this.byManifest = Map.copyOf(byManifest);
    this.byType = Map.copyOf(byType);
  }

  /** Begins a registry. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The name and version under which an object is journaled.
   *
   * @throws WireFormatException when its class is not registered
   */
  public String manifest(Object event) {
    return entry(event).manifest();
  }

  /**
   * An object's bytes; equal objects have equal bytes.
   *
   * @throws WireFormatException when its class is not registered, or a required field is null
   */
  public byte[] toBytes(Object event) {
    var entry = entry(event);
    try {
      var out = CborWriter.ofThread();
      entry.codec().write(out, event);
      return out.toBytes();
    } catch (WireFormatException failure) {
      throw failure.within(entry.manifest());
    }
  }

  /**
   * The object of these bytes, in its newest form.
   *
   * @throws WireFormatException when the manifest is unknown, or the bytes are not such an object;
   *     it names the field
   */
  public Object fromBytes(String manifest, byte[] bytes) {
    var entry = byManifest.get(manifest);
    if (entry == null) {
      throw new WireFormatException(
          "%.80s is not known here: a newer program wrote it".formatted(manifest));
    }
    try {
      var in = new CborReader(bytes);
      var event = entry.codec().read(in);
      in.end();
      return entry.upgrade() == null ? event : entry.upgrade().apply(event);
    } catch (WireFormatException failure) {
      throw failure.within(manifest);
    }
  }

  /** Every registered manifest, older versions included. */
  public Set<String> manifests() {
    return byManifest.keySet();
  }

  /** Every class that can be written. */
  public Set<Class<?>> types() {
    return byType.keySet();
  }

  private Entry entry(Object event) {
    var entry = byType.get(event.getClass());
    if (entry == null) {
      throw new WireFormatException(
          event.getClass().getName() + " is not registered: add it to the event codecs");
    }
    return entry;
  }

  /** Gathers a registry. */
  public static final class Builder {
    private record Event(Class<?> type, @Nullable Function<Object, Object> upgrade) {}

    private record Form(Class<?> type, FormCodec codec) {}

    private final Map<String, Event> events = new LinkedHashMap<>();
    private final Map<Class<?>, Form> forms = new LinkedHashMap<>();
    private final Map<Class<?>, Map<String, Class<?>>> unions = new HashMap<>();
    private final Map<Class<?>, Map<String, Object>> defaults = new HashMap<>();

    private Builder() {}

    /** Registers an event, or a state that snapshots hold. */
    public Builder event(String name, int version, Class<?> type) {
      return event(name, version, new Event(type, null));
    }

    /**
     * Registers an older version: it is read, turned into the newest form, and no longer written.
     *
     * @param upgrade makes the newest form; it must not throw for what was once accepted
     */
    @SuppressWarnings("unchecked") // the function is given what the codec of its type read
    public <T> Builder older(
        String name, int version, Class<T> type, Function<? super T, ?> upgrade) {
      return event(name, version, new Event(type, old -> upgrade.apply((T) old)));
    }

    private Builder event(String name, int version, Event event) {
      if (!NAME.matcher(name).matches() || version < 1) {
        throw new IllegalArgumentException(
            "an event is called like job.submitted, from version 1: " + name + "/" + version);
      }
      if (events.putIfAbsent(name + "/" + version, event) != null) {
        throw new IllegalArgumentException(name + "/" + version + " is registered twice");
      }
      return this;
    }

    /**
     * Declares that a type is written as another, for example an identifier as its text.
     *
     * @param form a type that has a codec: {@code String}, {@code byte[]}, a record, …
     */
    @SuppressWarnings("unchecked") // each function is given what the codec of its type handles
    public <T, F> Builder as(
        Class<T> type, Class<F> form, Function<? super T, F> write, Function<F, T> read) {
      var codec = new FormCodec(value -> write.apply((T) value), value -> read.apply((F) value));
      if (forms.putIfAbsent(type, new Form(form, codec)) != null) {
        throw new IllegalArgumentException(type.getName() + " is declared twice");
      }
      return this;
    }

    /** Names the variants of a sealed type; each has to be there. */
    public <T> Builder union(Class<T> type, Map<String, Class<? extends T>> variants) {
      if (unions.putIfAbsent(type, Map.copyOf(variants)) != null) {
        throw new IllegalArgumentException(type.getName() + " is declared twice");
      }
      return this;
    }

    /** Declares that a record's field was added later, and what it is where it is missing. */
    public Builder added(Class<? extends Record> type, String field, Object value) {
      var declared = defaults.computeIfAbsent(type, _ -> new HashMap<>());
      if (declared.putIfAbsent(field, value) != null) {
        throw new IllegalArgumentException(type.getName() + "." + field + " is declared twice");
      }
      return this;
    }

    /**
     * The registry.
     *
     * @throws IllegalArgumentException when a type inside an event has no codec; it names the field
     */
    public EventCodecs build() {
      var resolver = new CodecResolver(unions, defaults);
      forms.forEach((type, form) -> resolver.put(type, form.codec()));
      // Only now: a form may contain types whose own forms were declared later.
      forms.values().forEach(form -> form.codec().resolve(resolver.codec(form.type())));
      var byManifest = new HashMap<String, Entry>();
      var byType = new HashMap<Class<?>, Entry>();
      events.forEach(
          (manifest, event) -> {
            var entry = entry(resolver, manifest, event);
            byManifest.put(manifest, entry);
            if (event.upgrade() == null && byType.putIfAbsent(event.type(), entry) != null) {
              throw new IllegalArgumentException(
                  event.type().getName() + " is registered twice: which name is it written under?");
            }
          });
      return new EventCodecs(byManifest, byType);
    }

    @SuppressWarnings("unchecked") // the codec is that of the event's type
    private static Entry entry(CodecResolver resolver, String manifest, Event event) {
      try {
        var codec = (Codec<Object>) resolver.codec(event.type());
        return new Entry(manifest, event.type(), codec, event.upgrade());
      } catch (IllegalArgumentException unknown) {
        throw new IllegalArgumentException(manifest + ": " + unknown.getMessage(), unknown);
      }
    }
  }
}

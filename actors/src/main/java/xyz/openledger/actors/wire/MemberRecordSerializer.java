package xyz.openledger.actors.wire;

import static java.lang.invoke.MethodType.methodType;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A record as its components in the order of their declaration. Names are not written: both members
 * are of one release.
 */
final class MemberRecordSerializer<R> extends Serializer<R> {
  private record Component(MethodHandle get, Class<?> type, boolean exact) {}

  private final MethodHandle create;
  private final Component[] components;

  private MemberRecordSerializer(MethodHandle create, Component[] components) {
    this.create = create;
    this.components = components;
  }

  static <R> MemberRecordSerializer<R> of(Class<R> type) {
    var declared = type.getRecordComponents();
    var types = Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      var create =
          lookup
              .findConstructor(type, methodType(void.class, types))
              .asSpreader(Object[].class, types.length)
              .asType(methodType(Object.class, Object[].class));
      var components = new Component[types.length];
      for (int i = 0; i < types.length; i++) {
        var get = lookup.unreflect(declared[i].getAccessor());
        components[i] =
            new Component(
                get.asType(methodType(Object.class, Object.class)),
                types[i],
                KryoFactory.isExact(types[i]));
      }
      return new MemberRecordSerializer<>(create, components);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError(type + " is not a record like others", impossible);
    }
  }

  @Override
  public void write(Kryo kryo, Output output, R message) {
    for (var component : components) {
      write(kryo, output, component, get(component, message));
    }
  }

  private static @Nullable Object get(Component component, Object message) {
    try {
      return (Object) component.get().invokeExact(message);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError("an accessor declares nothing", impossible);
    }
  }

  private static void write(Kryo kryo, Output output, Component component, @Nullable Object value) {
    var type = component.type();
    if (type == long.class && value instanceof Long number) {
      output.writeVarLong(number, false);
    } else if (type == int.class && value instanceof Integer number) {
      output.writeVarInt(number, false);
    } else if (type.isPrimitive()) {
      kryo.writeObject(output, value);
    } else if (component.exact()) {
      kryo.writeObjectOrNull(output, value, kryo.getSerializer(type));
    } else {
      kryo.writeClassAndObject(output, value);
    }
  }

  private static @Nullable Object read(Kryo kryo, Input input, Component component) {
    var type = component.type();
    if (type == long.class) {
      return input.readVarLong(false);
    } else if (type == int.class) {
      return input.readVarInt(false);
    } else if (type.isPrimitive()) {
      return kryo.readObject(input, type);
    } else if (component.exact()) {
      return kryo.readObjectOrNull(input, type, kryo.getSerializer(type));
    }
    return kryo.readClassAndObject(input);
  }

  @Override
  public R read(Kryo kryo, Input input, Class<? extends R> type) {
    var values = new @Nullable Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(kryo, input, components[i]);
    }
    try {
      return type.cast((Object) create.invokeExact(values));
    } catch (Error failure) {
      throw failure;
    } catch (Throwable refusal) {
      throw new KryoException(
          type.getName() + " refuses its components: " + refusal.getMessage(), refusal);
    }
  }
}

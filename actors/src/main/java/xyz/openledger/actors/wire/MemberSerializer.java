package xyz.openledger.actors.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.JSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@link MemberMessage}s by Kryo, for the way between two members of one release and nothing
 * else. A class without a line in {@code kryo-ids.txt} is refused on either side, as is a message
 * beyond {@code openledger.wire.message-bytes-max}.
 */
public final class MemberSerializer extends JSerializer {
  /** Written beside every message; never to change. */
  public static final int IDENTIFIER = 7401;

  /** Instances that wait for the next message; a busy member has a few threads that serialize. */
  private static final int POOLED_MAX = 16;

  private static final int FIRST_BYTES = 1024;

  private record Tools(Kryo kryo, Output output, Input input) {}

  private final int messageBytesMax;
  private final Pool<Tools> pool;

  /** Reads the registered classes and the limit. */
  public MemberSerializer(ExtendedActorSystem system) {
    this(
        new KryoFactory(ActorRefResolver.get(Adapter.toTyped(system)), KryoIds.lines()),
        Math.toIntExact(system.settings().config().getBytes("openledger.wire.message-bytes-max")));
  }

  MemberSerializer(KryoFactory kryos, int messageBytesMax) {
    this.messageBytesMax = messageBytesMax;
    this.pool =
        new Pool<>(true, false, POOLED_MAX) {
          @Override
          protected Tools create() {
            return new Tools(kryos.make(), new Output(FIRST_BYTES, messageBytesMax), new Input());
          }
        };
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public boolean includeManifest() {
    return false;
  }

  @Override
  public byte[] toBinary(Object message) {
    var tools = pool.obtain();
    try {
      tools.output().reset();
      tools.kryo().writeClassAndObject(tools.output(), message);
      return tools.output().toBytes();
    } catch (RuntimeException failure) {
      throw refused(message.getClass().getName(), failure);
    } finally {
      pool.free(tools);
    }
  }

  @Override
  public Object fromBinaryJava(byte[] bytes, @Nullable Class<?> manifest) {
    if (bytes.length > messageBytesMax) {
      throw new WireFormatException(
          "a message of %d bytes; openledger.wire.message-bytes-max allows %d"
              .formatted(bytes.length, messageBytesMax));
    }
    var tools = pool.obtain();
    try {
      var input = tools.input();
      input.setBuffer(bytes);
      var message = tools.kryo().readClassAndObject(input);
      if (message == null || input.position() != bytes.length) {
        throw new WireFormatException(
            "%d of %d bytes are a message".formatted(input.position(), bytes.length));
      }
      return message;
    } catch (RuntimeException | StackOverflowError failure) {
      throw refused("a message of " + bytes.length + " bytes", failure);
    } finally {
      tools.input().setBuffer(new byte[0]);
      pool.free(tools);
    }
  }

  private WireFormatException refused(String what, Throwable failure) {
    return new WireFormatException(
        "%s (at most %d bytes of classes in kryo-ids.txt travel): %s"
            .formatted(what, messageBytesMax, failure.getMessage()),
        failure);
  }
}

package xyz.openledger.actors.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.pattern.StatusReply;

/** Serializers of what Pekko puts into messages. */
final class PekkoSerializers {
  private PekkoSerializers() {}

  /** A reference as its full address, so that it can be answered from anywhere in the cluster. */
  @SuppressWarnings("rawtypes") // as Kryo knows it
  static final class Refs extends Serializer<ActorRef> {
    private final ActorRefResolver actors;

    Refs(ActorRefResolver actors) {
      this.actors = actors;
    }

    @Override
    public void write(Kryo kryo, Output output, ActorRef ref) {
      kryo.writeObject(output, actors.toSerializationFormat((ActorRef<?>) ref));
    }

    @Override
    public ActorRef read(Kryo kryo, Input input, Class<? extends ActorRef> type) {
      return actors.resolveActorRef(kryo.readObject(input, String.class));
    }
  }

  /** A reply, or the message of the error instead of one: exceptions do not travel. */
  @SuppressWarnings("rawtypes") // as Kryo knows it
  static final class StatusReplies extends Serializer<StatusReply> {
    @Override
    public void write(Kryo kryo, Output output, StatusReply reply) {
      output.writeBoolean(reply.isSuccess());
      if (reply.isSuccess()) {
        kryo.writeClassAndObject(output, reply.getValue());
      } else {
        kryo.writeObject(output, String.valueOf(reply.getError().getMessage()));
      }
    }

    @Override
    public StatusReply read(Kryo kryo, Input input, Class<? extends StatusReply> type) {
      return input.readBoolean()
          ? StatusReply.success(kryo.readClassAndObject(input))
          : StatusReply.error(kryo.readObject(input, String.class));
    }
  }

  static final class Dones extends Serializer<Done> {
    @Override
    public void write(Kryo kryo, Output output, Done done) {}

    @Override
    public Done read(Kryo kryo, Input input, Class<? extends Done> type) {
      return Done.getInstance();
    }
  }
}

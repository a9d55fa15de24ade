package xyz.openledger.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.node.NodeMessage;

/** Two members, each with a network interface of its own, understand one another. */
class MembersTest {
  private static ActorTestKit member(String name) {
    return ActorTestKit.create(
        name,
        ConfigFactory.parseString(
                """
                pekko.loglevel = WARNING
                pekko.actor.provider = remote
                pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                pekko.remote.warn-about-direct-use = off
                pekko.remote.use-unsafe-remote-features-outside-cluster = on
                """)
            .withFallback(ConfigFactory.load()));
  }

  @Test
  void askAndAnswerAcrossTheWire() {
    var one = member("one");
    var other = member("other");
    try {
      ActorRef<NodeMessage.Drain> node =
          other.spawn(
              Behaviors.receiveMessage(
                  drain -> {
                    drain.replyTo().tell(new NodeMessage.EnrolReply(null, "drained"));
                    return Behaviors.same();
                  }));
      var probe = one.<NodeMessage.EnrolReply>createTestProbe();

      seenFrom(one, other, node).tell(new NodeMessage.Drain(probe.ref()));

      assertThat(probe.receiveMessage(Duration.ofSeconds(60)))
          .isEqualTo(new NodeMessage.EnrolReply(null, "drained"));
    } finally {
      other.shutdownTestKit();
      one.shutdownTestKit();
    }
  }

  private static <T> ActorRef<T> seenFrom(
      ActorTestKit here, ActorTestKit there, ActorRef<T> actor) {
    var address = ActorRefResolver.get(there.system()).toSerializationFormat(actor);
    assertThat(address).startsWith("pekko://other@127.0.0.1:");
    return ActorRefResolver.get(here.system()).resolveActorRef(address);
  }
}

package xyz.openledger.cluster.member;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/** The actor system under a member: its configuration, and its way into the cluster. */
public final class MemberSystem {
  private MemberSystem() {}

  /** A started system that has joined its seeds, or itself if there are none. */
  public static ActorSystem<SpawnProtocol.Command> start(
      Path data, String host, int port, List<String> seeds) {
    ActorSystem<SpawnProtocol.Command> system =
        ActorSystem.create(
            Behaviors.setup(_ -> SpawnProtocol.create()),
            "openledger",
            configuration(data, host, port));
    var cluster = Cluster.get(system);
    if (seeds.isEmpty()) {
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    } else {
      cluster
          .manager()
          .tell(new JoinSeedNodes(seeds.stream().map(AddressFromURIString::parse).toList()));
    }
    return system;
  }

  /**
   * {@code reference.conf}, {@code member.conf}, the data directory's {@code openledger.conf}, and
   * the places.
   */
  public static Config configuration(Path data, String host, int port) {
    Map<String, Object> places =
        Map.of(
            "pekko.remote.artery.canonical.hostname",
            host,
            "pekko.remote.artery.canonical.port",
            port,
            "openledger.journal.directory",
            data.resolve("member/journal").toString(),
            "openledger.snapshots.directory",
            data.resolve("member/snapshots").toString());
    return ConfigFactory.parseMap(places)
        .withFallback(ConfigFactory.parseFile(data.resolve("openledger.conf").toFile()))
        .withFallback(ConfigFactory.parseResources("member.conf"))
        .withFallback(ConfigFactory.load())
        .resolve();
  }
}

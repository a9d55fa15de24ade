package xyz.openledger.cluster.member;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import xyz.openledger.actors.journal.EmbeddedStores;
import xyz.openledger.actors.journal.JournalException;
import xyz.openledger.cluster.configuration.Configuration;

/** The actor system under a member: its configuration, and its way into the cluster. */
public final class MemberSystem {
  private MemberSystem() {}

  /**
   * A started system that has joined its seeds, or itself if there are none.
   *
   * @throws JournalException if its stores cannot be opened: damaged, of another format, or in use
   */
  public static ActorSystem<SpawnProtocol.Command> start(
      Path data, String host, int port, List<String> seeds) {
    ActorSystem<SpawnProtocol.Command> system =
        ActorSystem.create(
            Behaviors.setup(_ -> SpawnProtocol.create()),
            "openledger",
            configuration(data, host, port));
    try {
      EmbeddedStores.open(Adapter.toClassic(system));
    } catch (JournalException unusable) {
      system.terminate();
      throw unusable;
    }
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
   * {@code reference.conf}, {@code member.conf}, the data directory's {@code openledger.conf}, the
   * environment, and the places.
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
    // What is ours may be set in more places, and is checked; see Configuration.
    Config ours = Configuration.load(data, System.getenv(), Map.of()).config();
    return ConfigFactory.parseMap(places)
        .withFallback(ours.withOnlyPath("openledger"))
        .withFallback(ConfigFactory.parseFile(data.resolve("openledger.conf").toFile()))
        .withFallback(ConfigFactory.parseResources("member.conf"))
        .withFallback(ConfigFactory.load())
        .resolve();
  }
}

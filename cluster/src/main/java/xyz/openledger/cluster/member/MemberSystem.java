package xyz.openledger.cluster.member;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import xyz.openledger.actors.member.Home;
import xyz.openledger.cluster.configuration.Configuration;

/** The actor system under a member: its configuration, and its way into the cluster. */
public final class MemberSystem {
  private static final String SYSTEM = "openledger";
  private static final String ROLES = "pekko.cluster.roles";

  private MemberSystem() {}

  /** Says that what there is one of in the cluster is in this member's journal. */
  static final String HOME = "member/home";

  /**
   * A started system that has joined its seeds, or itself if there are none. A member that begins a
   * cluster is its home for good, also when it comes back and joins those that it had begun with.
   *
   * @throws JournalException if its stores cannot be opened: damaged, of another format, or in use
   */
  public static ActorSystem<SpawnProtocol.Command> start(
      Path data, String host, int port, List<String> seeds) {
    ActorSystem<SpawnProtocol.Command> system =
        ActorSystem.create(
            Behaviors.setup(_ -> SpawnProtocol.create()),
            SYSTEM,
            inRoles(configuration(data, host, port), isHome(data, host, port, seeds)));
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
    HomeWatch.start(system);
    return system;
  }

  private static boolean isHome(Path data, String host, int port, List<String> seeds) {
    Path mark = data.resolve(HOME);
    boolean begins =
        seeds.isEmpty()
            || seeds.getFirst().equals("pekko://%s@%s:%d".formatted(SYSTEM, host, port));
    try {
      if (begins && !Files.exists(mark)) {
        Files.createDirectories(mark.getParent());
        Files.createFile(mark);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return begins || Files.exists(mark);
  }

  private static Config inRoles(Config config, boolean home) {
    var roles = new ArrayList<>(config.getStringList(ROLES));
    if (home) {
      roles.add(Home.ROLE);
    }
    return config.withValue(ROLES, ConfigValueFactory.fromIterable(roles));
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

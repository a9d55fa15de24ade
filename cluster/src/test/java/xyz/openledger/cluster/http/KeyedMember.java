package xyz.openledger.cluster.http;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.pekko.cluster.typed.Cluster;
import xyz.openledger.cluster.blob.BlobSettings;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.cluster.member.KeyAnswers;
import xyz.openledger.cluster.member.MemberSystem;

/**
 * A member as a process of its own: its cluster, its journal, its API keys and its HTTP are real,
 * its jobs are not. Ends when its standard input does.
 */
final class KeyedMember {
  private KeyedMember() {}

  /**
   * Takes a data directory, a port for the cluster, and the address of a member to join, if any.
   */
  public static void main(String[] arguments) throws Exception {
    Path data = Files.createDirectories(Path.of(arguments[0]));
    List<String> seeds = List.of(arguments).subList(2, arguments.length);
    var system = MemberSystem.start(data, "127.0.0.1", Integer.parseInt(arguments[1]), seeds);
    String self = Cluster.get(system).selfMember().address().toString();
    KeyAnswers keys = KeyAnswers.start(system, Clock.systemUTC()).toCompletableFuture().join();
    var tokens = new Tokens(keys, self);
    Path root = data.resolve("root-token");
    if (seeds.isEmpty() && !Files.exists(root)) {
      var scopes = EnumSet.complementOf(EnumSet.of(Scope.ADMIN));
      var principal = new Principal("root", RunningServer.DEMO, scopes);
      Files.writeString(root, tokens.issueOwn(principal).toCompletableFuture().join().token());
    }
    var member = new FakeMember();
    HttpServer server =
        HttpServer.start(
                system,
                HttpSettings.from(
                    ConfigFactory.parseMap(Map.of("openledger.http.port", 0))
                        .withFallback(ConfigFactory.load())),
                new HttpServer.Parts(
                    member,
                    new FakeModels(),
                    new FakeTunings(),
                    BlobStore.open(data.resolve("blobs"), BlobSettings.from(ConfigFactory.load())),
                    tokens,
                    NodeTokens.open(data.resolve("blob-token.key")),
                    member.feed,
                    new FakeFiles()))
            .toCompletableFuture()
            .join();
    System.out.println("up " + server.address().getPort() + " " + self);
    while (System.in.read() >= 0) {
      // Nothing is said to us; the end is.
    }
    System.exit(0);
  }
}

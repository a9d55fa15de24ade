package xyz.openledger.cluster.http;

import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.ModelApi;

/** The member's HTTP port. */
public final class HttpServer {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

  private final ServerBinding binding;
  private final ExecutorService disk;

  private HttpServer(ServerBinding binding, ExecutorService disk) {
    this.binding = binding;
    this.disk = disk;
  }

  /** All that the routes stand on. */
  public record Parts(
      MemberApi api,
      ModelApi models,
      BlobStore blobs,
      Tokens tokens,
      NodeTokens nodeTokens,
      EventFeed feed) {}

  /** Starts to listen; completes once it does, or fails if the port is taken. */
  public static CompletionStage<HttpServer> start(
      ActorSystem<?> system, HttpSettings settings, Parts parts) {
    ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();
    var metrics = new HttpMetrics();
    var access = new Access(parts.tokens(), parts.nodeTokens(), InstantSource.system());
    var router = new Router(operations(parts, settings, disk, metrics));
    var frontDesk = new FrontDesk(system, settings, router, access, metrics);
    return Http.get(system)
        .newServerAt(settings.host(), settings.port())
        .withSettings(server(system, settings))
        .bind(frontDesk::answer)
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                disk.shutdown();
              }
            })
        .thenApply(binding -> new HttpServer(binding, disk));
  }

  /** Everything that can be asked. */
  static List<Operation> operations(
      Parts parts, HttpSettings settings, ExecutorService disk, HttpMetrics metrics) {
    MemberApi api = parts.api();
    var ids = new Ids(api);
    var blobs = new BlobRoutes(parts.blobs(), disk, settings.uploadsMax(), settings.bodyTimeout());
    var waits = new JobWait(api, parts.feed(), settings.waitersMax());
    var operations = new ArrayList<Operation>();
    operations.addAll(blobs.operations());
    operations.addAll(new JobRoutes(api, ids, blobs, waits).operations());
    operations.addAll(new NetworkRoutes(api, ids).operations());
    operations.addAll(new MarketRoutes(api, ids).operations());
    operations.addAll(new ReceiptRoutes(api, ids).operations());
    operations.addAll(new LogRoutes(api, disk).operations());
    operations.addAll(new AccountRoutes(api, ids).operations());
    operations.addAll(new ModelRoutes(parts.models()).operations());
    operations.addAll(
        new OpenAiRoutes(
                parts.models(), new Answering(api, parts.models(), parts.blobs(), disk, waits))
            .operations());
    operations.addAll(
        new EventRoutes(parts.feed(), settings.eventClientsMax(), metrics).operations());
    operations.addAll(new MemberRoutes(api, parts.blobs(), metrics).operations());
    return operations;
  }

  /** Where it listens; the port is a real one even where 0 was asked for. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Takes no more connections, lets what is under way end for a short while, then closes. */
  public CompletionStage<Void> stop() {
    return binding
        .terminate(STOP_TIMEOUT)
        .handle(
            (_, _) -> {
              disk.shutdown();
              return null;
            });
  }

  private static ServerSettings server(ActorSystem<?> system, HttpSettings settings) {
    var ours =
        Map.<String, Object>ofEntries(
            Map.entry("server-header", ""),
            Map.entry("max-connections", settings.connectionsMax()),
            Map.entry("idle-timeout", settings.idleTimeout().toMillis() + "ms"),
            // The front desk has its own, which answers with a problem and knows what may wait.
            Map.entry("request-timeout", "infinite"),
            Map.entry("remote-address-header", "off"),
            Map.entry("parsing.max-uri-length", "2k"),
            Map.entry("parsing.max-header-name-length", "64"),
            Map.entry("parsing.max-header-value-length", "8k"),
            Map.entry("parsing.max-header-count", "64"),
            Map.entry("parsing.illegal-header-warnings", "off"),
            Map.entry("parsing.error-handler", ParsingRefusals.class.getName()));
    return ServerSettings.create(
        ConfigFactory.parseMap(ours)
            .atPath("pekko.http.server")
            .withFallback(system.settings().config()));
  }
}

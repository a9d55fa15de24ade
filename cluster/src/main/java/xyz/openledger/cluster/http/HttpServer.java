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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.FilesApi;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.ModelApi;
import xyz.openledger.cluster.http.api.TuningApi;

/** The member's HTTP port. */
public final class HttpServer {
  /**
   * Connections that wait to be accepted cost the kernel little, and one it forgets hears nothing.
   */
  private static final int BACKLOG_MIN = 4_096;

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

  private final ServerBinding binding;
  private final ExecutorService disk;

  private final BatchRunner batches;

  private HttpServer(ServerBinding binding, ExecutorService disk, BatchRunner batches) {
    this.binding = binding;
    this.disk = disk;
    this.batches = batches;
  }

  /** All that the routes stand on. */
  public record Parts(
      MemberApi api,
      ModelApi models,
      TuningApi tunings,
      BlobStore blobs,
      Tokens tokens,
      NodeTokens nodeTokens,
      EventFeed feed,
      FilesApi files) {}

  /** Starts to listen; completes once it does, or fails if the port is taken. */
  public static CompletionStage<HttpServer> start(
      ActorSystem<?> system, HttpSettings settings, Parts parts) {
    ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();
    var metrics = new HttpMetrics();
    var access = new Access(parts.tokens(), parts.nodeTokens(), InstantSource.system());
    var batches = new AtomicReference<BatchRunner>();
    var router = new Router(operations(parts, settings, disk, metrics, batches::set));
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
        .thenApply(
            binding -> {
              batches.get().start();
              return new HttpServer(binding, disk, batches.get());
            });
  }

  /** Everything that can be asked. */
  static List<Operation> operations(
      Parts parts, HttpSettings settings, ExecutorService disk, HttpMetrics metrics) {
    return operations(parts, settings, disk, metrics, _ -> {});
  }

  private static List<Operation> operations(
      Parts parts,
      HttpSettings settings,
      ExecutorService disk,
      HttpMetrics metrics,
      Consumer<BatchRunner> runner) {
    MemberApi api = parts.api();
    var ids = new Ids(api);
    // Of blobs and of files together.
    var uploads = Room.shared(settings.uploadsMax());
    var blobs = new BlobRoutes(parts.blobs(), disk, uploads, settings.bodyTimeout());
    var waits = new JobWait(api, parts.feed(), Room.shared(settings.waitersMax()));
    var operations = new ArrayList<Operation>();
    operations.addAll(blobs.operations());
    var caps = new SpendingCaps(parts.tokens(), api, disk);
    operations.addAll(new JobRoutes(api, ids, blobs, waits, caps).operations());
    operations.addAll(new NetworkRoutes(api, ids).operations());
    operations.addAll(new MarketRoutes(api, ids).operations());
    operations.addAll(new ReceiptRoutes(api, ids).operations());
    operations.addAll(new LogRoutes(api, disk).operations());
    operations.addAll(new AccountRoutes(api, ids).operations());
    operations.addAll(new KeyRoutes(parts.tokens(), caps, InstantSource.system()).operations());
    operations.addAll(new ModelRoutes(parts.models()).operations());
    var answering = new Answering(api, parts.models(), parts.blobs(), disk, waits, caps);
    var embedding = new Embedding(answering);
    operations.addAll(new OpenAiRoutes(parts.models(), answering, embedding).operations());
    operations.addAll(new TuningRoutes(parts.tunings()).operations());
    var contents = new FileContents(parts.files(), parts.blobs(), disk);
    operations.addAll(
        new OpenAiFiles(
                parts.files(), parts.blobs(), contents, disk, uploads, settings.uploadTimeout())
            .operations());
    BatchRunner batches = batches(parts, contents, disk, caps);
    runner.accept(batches);
    operations.addAll(new OpenAiBatches(parts.files(), batches).operations());
    operations.addAll(
        new OpenAiTunings(parts.tunings(), parts.files(), parts.blobs(), disk).operations());
    operations.addAll(
        new EventRoutes(parts.feed(), settings.eventClientsMax(), metrics).operations());
    operations.addAll(new MemberRoutes(api, parts.blobs(), metrics).operations());
    return operations;
  }

  private static BatchRunner batches(
      Parts parts, FileContents contents, ExecutorService disk, SpendingCaps caps) {
    var waits = new JobWait(parts.api(), parts.feed(), Room.open(BatchRunner.PLACES_MAX));
    var answering = new Answering(parts.api(), parts.models(), parts.blobs(), disk, waits, caps);
    var embedding = new Embedding(answering);
    return new BatchRunner(parts.files(), parts.blobs(), contents, answering, embedding);
  }

  /** Where it listens; the port is a real one even where 0 was asked for. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Takes no more connections, lets what is under way end for a short while, then closes. */
  public CompletionStage<Void> stop() {
    batches.close();
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
            // As many again may wait to be accepted; who finds no place there tries again in
            // seconds.
            Map.entry("backlog", Math.max(BACKLOG_MIN, settings.connectionsMax())),
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

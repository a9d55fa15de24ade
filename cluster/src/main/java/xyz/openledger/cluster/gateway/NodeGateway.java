package xyz.openledger.cluster.gateway;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.node.v1.EnrolReply;
import xyz.openledger.protocol.node.v1.EnrolRequest;
import xyz.openledger.protocol.node.v1.HubFrame;
import xyz.openledger.protocol.node.v1.NodeFrame;
import xyz.openledger.protocol.node.v1.NodeGatewayGrpc;
import xyz.openledger.protocol.session.EnrolApplication;
import xyz.openledger.protocol.session.Enrolled;
import xyz.openledger.protocol.session.GrpcProblem;
import xyz.openledger.protocol.session.Handshake;
import xyz.openledger.protocol.session.Hello;
import xyz.openledger.protocol.session.HubWire;
import xyz.openledger.protocol.session.SessionLimits;

/** The server that nodes dial: gRPC over TLS, one stream a node. */
public final class NodeGateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeGateway.class);

  /** Warns, with a stack trace, of every link that breaks; to us that is daily life. */
  private static final java.util.logging.Logger STREAM_LOG =
      java.util.logging.Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");

  private static final int ENROLMENTS_MAX = 64;
  private static final int HANDSHAKES_MAX = 512;
  private static final int HANDSHAKE_SECONDS_MAX = 10;
  private static final int METADATA_BYTES_MAX = 8 * 1024;
  private static final int APPLICATION_BYTES_MAX = 256 * 1024;
  private static final int CALLS_PER_CONNECTION_MAX = 4;
  private static final int KEEP_ALIVE_SECONDS = 30;
  private static final int KEEP_ALIVE_PERMITTED_SECONDS = 10;
  private static final int IDLE_SECONDS_MAX = 60;
  private static final int STOP_SECONDS_MAX = 5;

  private final GatewaySettings settings;
  private final NodeDirectory directory;
  private final Map<NodeId, GatewaySession> sessions = new ConcurrentHashMap<>();
  private final Semaphore enrolments = new Semaphore(ENROLMENTS_MAX);
  private final Semaphore handshakes = new Semaphore(HANDSHAKES_MAX);
  private final SecureRandom random = new SecureRandom();
  private final ExecutorService threads;
  private final ScheduledExecutorService clock;
  private final Server server;
  private volatile boolean stopping;

  private NodeGateway(
      GatewaySettings settings, GatewayAuthority authority, NodeDirectory directory) {
    this.settings = settings;
    this.directory = directory;
    this.threads =
        Executors.newFixedThreadPool(
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            Thread.ofPlatform().daemon().name("node-gateway-", 0).factory());
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("node-gateway-clock").factory());
    this.server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(settings.host(), settings.port()),
                authority.serverCredentials())
            .executor(threads)
            .addService(new Service())
            .maxInboundMessageSize(SessionLimits.FRAME_BYTES_MAX)
            .maxInboundMetadataSize(METADATA_BYTES_MAX)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
            .maxConnectionIdle(IDLE_SECONDS_MAX, TimeUnit.SECONDS)
            .handshakeTimeout(HANDSHAKE_SECONDS_MAX, TimeUnit.SECONDS)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(KEEP_ALIVE_PERMITTED_SECONDS, TimeUnit.SECONDS)
            .build();
  }

  /**
   * Starts to listen.
   *
   * @throws UncheckedIOException if the port is taken
   */
  public static NodeGateway start(
      GatewaySettings settings, GatewayAuthority authority, NodeDirectory directory) {
    STREAM_LOG.setLevel(Level.SEVERE);
    var gateway = new NodeGateway(settings, authority, directory);
    try {
      gateway.server.start();
    } catch (IOException taken) {
      gateway.threads.shutdown();
      gateway.clock.shutdown();
      throw new UncheckedIOException(
          "cannot listen for nodes on %s:%d".formatted(settings.host(), settings.port()), taken);
    }
    long tickMillis = Math.max(1, settings.heartbeat().toMillis() / 2);
    var _ =
        gateway.clock.scheduleAtFixedRate(
            () -> gateway.sessions.values().forEach(GatewaySession::tick),
            tickMillis,
            tickMillis,
            TimeUnit.MILLISECONDS);
    return gateway;
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** How many nodes have a session, their link up or not. */
  public int sessions() {
    return sessions.size();
  }

  /** Tells every node to come back later, and stops. Sinks hear the end of their sessions. */
  @Override
  public void close() {
    stopping = true;
    var ends = new ArrayList<CompletableFuture<Void>>();
    sessions.values().forEach(session -> ends.add(session.stop().toCompletableFuture()));
    try {
      CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
          .orTimeout(STOP_SECONDS_MAX, TimeUnit.SECONDS)
          .exceptionally(_ -> null)
          .join();
      server.shutdown();
      if (!server.awaitTermination(1, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException impatient) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    clock.shutdownNow();
    threads.shutdown();
  }

  private final class Service extends NodeGatewayGrpc.NodeGatewayImplBase {
    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolReply> reply) {
      if (!enrolments.tryAcquire()) {
        reply.onError(
            GrpcProblem.encode(
                new ProblemException(Problem.TOO_MANY_REQUESTS, "", "many enrol just now")));
        return;
      }
      var _ =
          NodeGateway.this
              .enrol(request)
              .whenComplete(
                  (enrolled, failed) -> {
                    enrolments.release();
                    if (failed == null) {
                      reply.onNext(HubWire.encode(enrolled));
                      reply.onCompleted();
                    } else {
                      reply.onError(GrpcProblem.encode(problem(failed)));
                    }
                  });
    }

    @Override
    public StreamObserver<NodeFrame> session(StreamObserver<HubFrame> reply) {
      var out = (ServerCallStreamObserver<HubFrame>) reply;
      var over = new AtomicBoolean(!handshakes.tryAcquire());
      boolean crowded = over.get();
      var stream =
          new GatewayStream(
              out,
              NodeGateway.this::receive,
              () -> {
                if (over.compareAndSet(false, true)) {
                  handshakes.release();
                }
              });
      if (crowded || stopping) {
        stream.goodbye(Problem.UNAVAILABLE.code(), "too much at once; come back later");
        return stream;
      }
      stream.open();
      var _ =
          clock.schedule(
              () -> {
                if (!stream.isGreeted()) {
                  stream.goodbye(Problem.PROTOCOL_VIOLATION.code(), "no hello came");
                }
              },
              HANDSHAKE_SECONDS_MAX,
              TimeUnit.SECONDS);
      return stream;
    }
  }

  private CompletionStage<Enrolled> enrol(EnrolRequest request) {
    try {
      if (request.getApplication().size() > APPLICATION_BYTES_MAX) {
        throw new ProblemException(
            Problem.TOO_LARGE, "application", "has more than " + APPLICATION_BYTES_MAX + " bytes");
      }
      EnrolApplication application = Handshake.verify(request);
      return directory.enrol(application);
    } catch (RuntimeException refused) {
      return CompletableFuture.failedStage(refused);
    }
  }

  /** A node has proved who it is: it goes on with its session, or begins a new one. */
  private void receive(Hello hello, long acknowledged, GatewayStream stream) {
    GatewaySession present = sessions.get(hello.node());
    if (present != null && present.isNamed(hello.session())) {
      present.resume(hello, acknowledged, stream);
      return;
    }
    if (stopping || (present == null && sessions.size() >= settings.sessionsMax())) {
      stream.goodbye(Problem.TOO_MANY_REQUESTS.code(), "this member has as many nodes as it takes");
      return;
    }
    var session =
        new GatewaySession(
            hello.node(), name(), settings, threads, ended -> sessions.remove(ended.node(), ended));
    GatewaySession before = sessions.put(hello.node(), session);
    CompletionStage<Void> clear =
        before == null ? CompletableFuture.completedStage(null) : before.supersede();
    var _ =
        clear
            .thenCompose(_ -> directory.open(hello, session))
            .whenComplete(
                (admission, failed) -> {
                  if (failed == null) {
                    session.admitted(admission, hello, stream);
                  } else {
                    ProblemException refused = problem(failed);
                    stream.goodbye(refused.problem().code(), refused.detail());
                    session.close(refused.problem(), refused.detail());
                  }
                });
  }

  private ByteString name() {
    byte[] bytes = new byte[SessionLimits.NAME_BYTES];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static ProblemException problem(Throwable failed) {
    Throwable cause = failed;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ProblemException problem) {
      return problem;
    }
    LOG.error("a node could not be received", failed);
    return new ProblemException(Problem.UNAVAILABLE, "", "something failed here; come back later");
  }
}

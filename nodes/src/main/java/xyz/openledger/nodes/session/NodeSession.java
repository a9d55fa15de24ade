package xyz.openledger.nodes.session;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.nodes.blobs.Blobs;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.node.v1.Goodbye;
import xyz.openledger.protocol.node.v1.HubFrame;
import xyz.openledger.protocol.session.GrpcProblem;
import xyz.openledger.protocol.session.Handshake;
import xyz.openledger.protocol.session.Heartbeat;
import xyz.openledger.protocol.session.Hello;
import xyz.openledger.protocol.session.HubMessage;
import xyz.openledger.protocol.session.HubWire;
import xyz.openledger.protocol.session.Inbox;
import xyz.openledger.protocol.session.NodeMessage;
import xyz.openledger.protocol.session.NodeWire;
import xyz.openledger.protocol.session.Outbox;
import xyz.openledger.protocol.session.QuietHours;
import xyz.openledger.protocol.session.SessionLimits;
import xyz.openledger.protocol.session.Welcome;

/**
 * A node's end of its session: dials, answers the nonce, and from then on keeps what it was given
 * and what it owes apart from the links that carry it. A link that breaks is replaced; a member
 * that forgot the session gets a new one.
 *
 * <p>All state belongs to one thread. The public methods may be called from any.
 */
public final class NodeSession implements AutoCloseable {
  /** What answers {@link NodeMessage.Left}. */
  private static final String LEFT = "left";

  private static final Logger LOG = LoggerFactory.getLogger(NodeSession.class);
  private static final int OUTBOX_FRAMES_MAX = 1_024;
  private static final long OUTBOX_BYTES_MAX = 64L << 20;
  private static final int HELD_PER_CREDIT = 8;
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(2);
  private static final int ACKNOWLEDGE_EVERY = 64;
  private static final int VIOLATIONS_MAX = 5;

  private final SessionSettings settings;
  private final Consumer<SessionEvent> events;
  private final ScheduledExecutorService loop;
  private final CompletableFuture<SessionEnd> ended = new CompletableFuture<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final SecureRandom random = new SecureRandom();
  private final ByteString incarnation = name(random);

  private final Outbox<Outgoing> outbox = new Outbox<>(OUTBOX_FRAMES_MAX, OUTBOX_BYTES_MAX);
  private final Inbox inbox = new Inbox();
  private final Blobs blobs;
  private final Workbench workbench;
  private final LeaseBook book;
  private final LeaseDesk desk;

  private ByteString sessionName = ByteString.EMPTY;
  private @Nullable GatewayLink link;
  private @Nullable Welcome welcome;
  private boolean welcomed;
  private long acknowledgementSent;
  private long heardNanos;
  private int failures;
  private int violations;
  private long reconnects;
  private boolean draining;
  private boolean leaving;
  private boolean leavingForGood;
  private @Nullable ScheduledFuture<?> beat;
  private @Nullable ScheduledFuture<?> flush;

  private NodeSession(SessionSettings settings, TaskRunner runner, Consumer<SessionEvent> events) {
    this.settings = settings;
    this.events = events;
    var scheduler =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("node-session").factory());
    scheduler.setRemoveOnCancelPolicy(true);
    this.loop = Executors.unconfigurableScheduledExecutorService(scheduler);
    try {
      this.blobs = Blobs.open(settings.folder().resolve("blobs"), settings.blobsBytesMax(), null);
      this.workbench = new Workbench(runner, blobs, settings.folder().resolve("outputs"));
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
    var fences = FenceFile.open(settings.folder().resolve("fences"));
    var bounds =
        new LeaseBook.Bounds(
            settings.creditsMax(),
            HELD_PER_CREDIT * settings.creditsMax(),
            settings.terms().memoryMaxBytesPerSlot());
    this.book = new LeaseBook(bounds, fences.ceiling());
    this.desk = new LeaseDesk(settings, book, fences, workbench, outbox, this::wake);
  }

  /**
   * Starts a session for a machine that is enrolled.
   *
   * @param events heard on the session's thread, so what it does must be short
   */
  public static NodeSession start(
      SessionSettings settings, TaskRunner runner, Consumer<SessionEvent> events) {
    var session = new NodeSession(settings, runner, events);
    session.post(session::connect);
    return session;
  }

  /** Completes when the session is over for good. */
  public CompletableFuture<SessionEnd> ended() {
    return ended.copy();
  }

  /** Takes no more leases; what runs goes on. */
  public void drain() {
    post(
        () -> {
          draining = true;
          beat();
        });
  }

  /**
   * Takes no more leases, ends what it has, and then leaves the network for good. {@link #ended}
   * says when the member has heard it.
   */
  public void leave() {
    post(
        () -> {
          draining = true;
          leavingForGood = true;
          beat();
          turn();
        });
  }

  /** Gives up what it holds, tells the member if there is a link, and ends. */
  @Override
  public void close() {
    post(
        () -> {
          draining = true;
          desk.cancelAll();
          sayLeft(false);
        });
  }

  // Links ------------------------------------------------------------------------------------

  private void connect() {
    if (ended.isDone() || link != null) {
      return;
    }
    heardNanos = System.nanoTime();
    GatewayLink opened =
        GatewayLink.open(GatewayChannel.open(settings.gateway(), settings.trust()), new Ear());
    link = opened;
    after(
        HANDSHAKE_TIMEOUT,
        () -> {
          if (opened == link && !welcomed) {
            drop("the member did not answer in " + HANDSHAKE_TIMEOUT.toSeconds() + " s");
          }
        });
  }

  /** Gives the present link up and plans the next one. */
  private void drop(String reason) {
    GatewayLink broken = link;
    if (broken == null) {
      return;
    }
    link = null;
    welcomed = false;
    broken.close();
    if (leaving && !leavingForGood) {
      end(new SessionEnd.Left());
      return;
    }
    failures++;
    Duration retry = settings.backoff().delay(failures, random);
    LOG.info("{}; next attempt in {} ms", reason, retry.toMillis());
    events.accept(new SessionEvent.Disconnected(reason, retry));
    after(retry, this::connect);
  }

  private final class Ear implements GatewayLink.Listener {
    @Override
    public void heard(GatewayLink from, HubFrame frame) {
      post(
          () -> {
            if (from == link) {
              heard(frame);
            }
          });
    }

    @Override
    public void ready(GatewayLink from) {
      wake();
    }

    @Override
    public void broken(GatewayLink from, Throwable reason) {
      post(
          () -> {
            if (from == link) {
              drop(GrpcProblem.decode(reason).detail());
            }
          });
    }

    private void heard(HubFrame frame) {
      heardNanos = System.nanoTime();
      try {
        NodeSession.this.heard(frame);
      } catch (ProblemException malformed) {
        // The member's mistake: a new session has a chance, this one has none.
        violated("the member said something malformed: " + malformed.getMessage());
      }
    }
  }

  private void violated(String reason) {
    violations++;
    sessionName = ByteString.EMPTY;
    if (violations >= VIOLATIONS_MAX) {
      end(new SessionEnd.Failed(reason));
    } else {
      drop(reason);
    }
  }

  // What the member says ---------------------------------------------------------------------

  private void heard(HubFrame frame) {
    switch (frame.getBodyCase()) {
      case NONCE -> hello(frame.getNonce().getValue());
      case WELCOME -> welcomed(HubWire.welcome(frame.getWelcome()), frame.getAcknowledged());
      case GOODBYE -> goodbye(frame.getGoodbye());
      default -> numbered(frame);
    }
  }

  private void hello(ByteString nonce) {
    GatewayLink open = link;
    if (open == null || welcomed) {
      return;
    }
    byte[] signature =
        settings.transportKey().sign(Handshake.helloMessage(nonce, settings.node(), incarnation));
    var hello =
        new Hello(
            settings.node(),
            ByteString.copyFrom(settings.transportKey().publicKey()),
            incarnation,
            sessionName,
            heartbeat().credits(),
            desk.held(),
            book.fenceSeen(),
            settings.inventory(),
            settings.benchmark(),
            settings.terms(),
            ByteString.copyFrom(signature));
    open.send(NodeWire.frame(inbox.acknowledged(), hello));
  }

  private void welcomed(Welcome said, long acknowledged) {
    if (said.resumed()) {
      outbox.acknowledge(acknowledged);
      outbox.rewind();
      reconnects++;
    } else {
      outbox.restart();
      inbox.restart();
    }
    sessionName = said.session();
    acknowledgementSent = inbox.acknowledged();
    welcome = said;
    welcomed = true;
    failures = 0;
    blobs.use(said.blobUrl(), said.blobToken());
    events.accept(new SessionEvent.Welcomed(said.standing(), said.resumed()));
    every(Duration.ofMillis(said.heartbeatMillis()));
    turn();
  }

  private void goodbye(Goodbye goodbye) {
    String detail = goodbye.getDetail();
    if (goodbye.getCode().equals(LEFT) || leaving) {
      end(new SessionEnd.Left());
      return;
    }
    switch (problem(goodbye.getCode())) {
      case UNAVAILABLE, TOO_MANY_REQUESTS -> drop(goodbye.getCode() + ": " + detail);
      case PROTOCOL_VIOLATION -> violated("the member found a mistake here: " + detail);
      case Problem refused -> end(new SessionEnd.Refused(refused, detail));
    }
  }

  private static Problem problem(String code) {
    try {
      return Problem.parse(code);
    } catch (ProblemException newer) {
      return Problem.FORBIDDEN;
    }
  }

  private void numbered(HubFrame frame) {
    if (!welcomed) {
      violated("the member began without a welcome");
      return;
    }
    outbox.acknowledge(frame.getAcknowledged());
    if (frame.getSequence() > 0 && inbox.accept(frame.getSequence()) == Inbox.Arrival.NEXT) {
      handle(HubWire.message(frame));
      inbox.processed();
      violations = 0;
    }
    turn();
  }

  private void handle(HubMessage message) {
    switch (message) {
      case HubMessage.Leased(var leases) -> desk.take(leases, !draining);
      case HubMessage.RevealRequested(var replicas) -> desk.reveal(replicas);
      case HubMessage.Cancelled(var replicas) -> desk.cancel(replicas);
      case HubMessage.Drained _ -> draining = true;
      case HubMessage.StandingChanged(var standing) ->
          events.accept(new SessionEvent.StandingChanged(standing));
    }
  }

  // What the node says -----------------------------------------------------------------------

  /** Asks for a turn, from any thread. */
  private void wake() {
    if (woken.compareAndSet(false, true)) {
      post(this::turn);
    }
  }

  /** Moves what is ready into the outbox, and from there onto the link. */
  private void turn() {
    woken.set(false);
    Welcome known = welcome;
    if (known == null || ended.isDone()) {
      return;
    }
    desk.flush(System.nanoTime());
    if (leavingForGood && !leaving && welcomed && desk.isIdle()) {
      sayLeft(true);
    }
    send(known);
    planFlush();
  }

  private void send(Welcome known) {
    GatewayLink open = link;
    while (open != null && welcomed && open.isReady()) {
      var next = outbox.poll();
      if (next.isEmpty()) {
        break;
      }
      NodeMessage message =
          next.get().body().message(settings.node(), known.court(), settings.resultKey());
      open.send(NodeWire.frame(next.get().sequence(), inbox.acknowledged(), message));
      acknowledgementSent = inbox.acknowledged();
    }
    if (open != null
        && welcomed
        && inbox.acknowledged() - acknowledgementSent >= ACKNOWLEDGE_EVERY) {
      open.send(NodeWire.acknowledgement(inbox.acknowledged()));
      acknowledgementSent = inbox.acknowledged();
    }
  }

  private void planFlush() {
    long dueInNanos = desk.dueInNanos(System.nanoTime());
    if (dueInNanos != Long.MAX_VALUE && (flush == null || flush.isDone())) {
      flush = loop.schedule(guarded(this::turn), Math.max(1, dueInNanos), TimeUnit.NANOSECONDS);
    }
  }

  private void every(Duration interval) {
    if (beat != null) {
      beat.cancel(false);
    }
    beat =
        loop.scheduleAtFixedRate(guarded(this::beat), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void beat() {
    Welcome known = welcome;
    if (known == null || ended.isDone()) {
      return;
    }
    desk.sweep(System.nanoTime());
    Heartbeat now = heartbeat();
    long silentMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
    GatewayLink open = link;
    if (open != null && welcomed) {
      if (silentMillis > (long) SessionLimits.HEARTBEATS_MISSED_MAX * known.heartbeatMillis()) {
        drop("the member has been silent for " + silentMillis + " ms");
      } else {
        open.send(NodeWire.frame(inbox.acknowledged(), now));
        acknowledgementSent = inbox.acknowledged();
      }
    }
    events.accept(
        new SessionEvent.Beat(
            new SessionEvent.SessionStatus(
                welcomed,
                now,
                book.held().size(),
                desk.answered(),
                desk.faulted(),
                desk.refused(),
                reconnects)));
    turn();
  }

  private Heartbeat heartbeat() {
    var state = state();
    int credits = state == Heartbeat.State.READY ? book.credits() : 0;
    return new Heartbeat(credits, book.running(), state);
  }

  private Heartbeat.State state() {
    QuietHours quiet = settings.terms().quietHours();
    if (draining) {
      return Heartbeat.State.DRAINING;
    }
    return quiet != null && quiet.contains(LocalTime.now(settings.clock()))
        ? Heartbeat.State.QUIET
        : Heartbeat.State.READY;
  }

  private void sayLeft(boolean permanent) {
    if (leaving) {
      return;
    }
    leaving = true;
    var message = new Outgoing.Plain(new NodeMessage.Left(permanent));
    Welcome known = welcome;
    if (known == null || !welcomed || !outbox.hasRoom(message.frameBytes())) {
      end(new SessionEnd.Left());
      return;
    }
    outbox.append(message, message.frameBytes());
    send(known);
    if (!permanent) {
      after(LEAVE_TIMEOUT, () -> end(new SessionEnd.Left()));
    }
  }

  // The end ----------------------------------------------------------------------------------

  private void end(SessionEnd end) {
    if (ended.isDone()) {
      return;
    }
    GatewayLink open = link;
    link = null;
    welcomed = false;
    if (open != null) {
      open.close();
    }
    desk.cancelAll();
    workbench.close();
    blobs.close();
    loop.shutdown();
    ended.complete(end);
  }

  private void after(Duration delay, Runnable task) {
    var _ = loop.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void post(Runnable task) {
    try {
      loop.execute(guarded(task));
    } catch (RejectedExecutionException over) {
      // The session has ended; nobody waits for this any more.
      return;
    }
  }

  /** A mistake of ours ends the session by name, instead of leaving it half alive. */
  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error mistake) {
        LOG.error("the session failed", mistake);
        end(new SessionEnd.Failed(mistake.toString()));
      }
    };
  }

  private static ByteString name(SecureRandom random) {
    byte[] bytes = new byte[SessionLimits.NAME_BYTES];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}

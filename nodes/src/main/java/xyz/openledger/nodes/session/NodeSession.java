package xyz.openledger.nodes.session;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.blobs.Blobs;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.node.v1.Goodbye;
import xyz.openledger.protocol.node.v1.HubFrame;
import xyz.openledger.protocol.session.CapacityAnswer;
import xyz.openledger.protocol.session.Handshake;
import xyz.openledger.protocol.session.Heartbeat;
import xyz.openledger.protocol.session.Hello;
import xyz.openledger.protocol.session.HubMessage;
import xyz.openledger.protocol.session.HubWire;
import xyz.openledger.protocol.session.Inbox;
import xyz.openledger.protocol.session.NodeMessage;
import xyz.openledger.protocol.session.NodeWire;
import xyz.openledger.protocol.session.Notice;
import xyz.openledger.protocol.session.Outbox;
import xyz.openledger.protocol.session.QuietHours;
import xyz.openledger.protocol.session.SessionLimits;
import xyz.openledger.protocol.session.Welcome;

/**
 * A node's end of its session: answers the nonce, and from then on keeps what it was given and what
 * it owes apart from the links that carry it. A link that breaks is replaced; a member that forgot
 * the session gets a new one.
 *
 * <p>All state belongs to one thread. The public methods may be called from any.
 */
public final class NodeSession implements AutoCloseable {
  /** What answers {@link NodeMessage.Left}. */
  private static final String LEFT = "left";

  private static final int OUTBOX_FRAMES_MAX = 1_024;
  private static final long OUTBOX_BYTES_MAX = 64L << 20;
  private static final int HELD_PER_CREDIT = 8;
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(2);

  /** A member whose tokens are bad from the start is not asked for one more often than this. */
  private static final Duration RENEWAL_MIN = Duration.ofSeconds(1);

  private static final int ACKNOWLEDGE_EVERY = 64;
  private static final int VIOLATIONS_MAX = 5;

  private final SessionSettings settings;
  private final Consumer<SessionEvent> events;
  private final SessionThread thread =
      new SessionThread(mistake -> end(new SessionEnd.Failed(mistake.toString())));
  private final Dialer dialer;
  private final CompletableFuture<SessionEnd> ended = new CompletableFuture<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final ByteString incarnation = incarnation();

  private final Outbox<Outgoing> outbox = new Outbox<>(OUTBOX_FRAMES_MAX, OUTBOX_BYTES_MAX);
  private final Inbox inbox = new Inbox();
  private final WordStream words = new WordStream();
  private final Blobs blobs;
  private final Workbench workbench;
  private final LeaseBook book;
  private final LeaseDesk desk;
  private final CapacityDesk capacity;

  private ByteString sessionName = ByteString.EMPTY;
  private @Nullable Welcome welcome;
  private long acknowledgementSent;
  private long welcomedNanos;
  private int violations;
  private long reconnects;
  private boolean draining;
  private boolean leavingForGood;
  private boolean saidLeft;
  private @Nullable ScheduledFuture<?> beat;
  private @Nullable ScheduledFuture<?> flush;

  private NodeSession(SessionSettings settings, TaskRunner runner, Consumer<SessionEvent> events) {
    this.settings = settings;
    this.events = events;
    this.dialer = new Dialer(settings, thread, new Ear());
    try {
      this.blobs =
          Blobs.open(
              settings.folder().resolve("blobs"),
              settings.blobsBytesMax(),
              null,
              () -> thread.post(this::renew));
      this.workbench =
          new Workbench(
              runner,
              blobs,
              settings.folder().resolve("outputs"),
              words,
              this::wake,
              settings.node(),
              settings.chip());
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
    this.desk = new LeaseDesk(settings.node(), book, fences, workbench, outbox, this::wake);
    this.capacity =
        new CapacityDesk(
            settings.benchmark().memoryStepsPerSecond(), end -> thread.post(() -> walked(end)));
  }

  /**
   * Starts a session for a machine that is enrolled.
   *
   * @param events heard on the session's thread, so what it does must be short
   */
  public static NodeSession start(
      SessionSettings settings, TaskRunner runner, Consumer<SessionEvent> events) {
    var session = new NodeSession(settings, runner, events);
    session.thread.post(session.dialer::dial);
    return session;
  }

  /** Completes when the session is over for good. */
  public CompletableFuture<SessionEnd> ended() {
    return ended.copy();
  }

  /** Takes no more leases; what runs goes on. */
  public void drain() {
    thread.post(
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
    thread.post(
        () -> {
          draining = true;
          leavingForGood = true;
          beat();
        });
  }

  /** Gives up what it holds, tells the member if there is a link, and ends. */
  @Override
  public void close() {
    thread.post(
        () -> {
          draining = true;
          desk.cancelAll();
          sayLeft(false);
        });
  }

  // What the member says ---------------------------------------------------------------------

  private final class Ear implements Dialer.Listener {
    @Override
    public void heard(HubFrame frame) {
      try {
        hear(frame);
      } catch (ProblemException malformed) {
        // The member's mistake: a new session has a chance, this one has none.
        violated("the member said something malformed: " + malformed.getMessage());
      }
    }

    @Override
    public void ready() {
      wake();
    }

    @Override
    public void dropped(String reason, Duration retry) {
      if (saidLeft && !leavingForGood) {
        end(new SessionEnd.Left());
      } else {
        events.accept(new SessionEvent.Disconnected(reason, retry));
      }
    }
  }

  private void hear(HubFrame frame) {
    switch (frame.getBodyCase()) {
      case NONCE -> hello(frame.getNonce().getValue());
      case WELCOME -> welcomed(HubWire.welcome(frame.getWelcome()), frame.getAcknowledged());
      case GOODBYE -> goodbye(frame.getGoodbye());
      default -> numbered(frame);
    }
  }

  private void hello(ByteString nonce) {
    byte[] message = Handshake.helloMessage(nonce, settings.node(), incarnation);
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
            true,
            ByteString.copyFrom(settings.transportKey().sign(message)));
    dialer.send(NodeWire.frame(inbox.acknowledged(), hello));
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
    welcomedNanos = System.nanoTime();
    dialer.welcomed();
    blobs.use(said.blobUrl(), said.blobToken());
    events.accept(new SessionEvent.Welcomed(said.standing(), said.resumed()));
    if (beat != null) {
      beat.cancel(false);
    }
    beat = thread.every(Duration.ofMillis(said.heartbeatMillis()), this::beat);
  }

  private void goodbye(Goodbye goodbye) {
    String detail = goodbye.getDetail();
    if (goodbye.getCode().equals(LEFT) || saidLeft) {
      end(new SessionEnd.Left());
      return;
    }
    switch (problem(goodbye.getCode())) {
      case UNAVAILABLE, TOO_MANY_REQUESTS -> dialer.drop(goodbye.getCode() + ": " + detail);
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

  private void violated(String reason) {
    violations++;
    sessionName = ByteString.EMPTY;
    if (violations >= VIOLATIONS_MAX) {
      end(new SessionEnd.Failed(reason));
    } else {
      dialer.drop(reason);
    }
  }

  /** The token for blobs has expired: a new session brings a new one. */
  private void renew() {
    long now = System.nanoTime();
    if (dialer.isWelcomed() && now - welcomedNanos > RENEWAL_MIN.toNanos()) {
      sessionName = ByteString.EMPTY;
      dialer.drop("the token for blobs has expired");
    }
  }

  private void numbered(HubFrame frame) {
    if (!dialer.isWelcomed()) {
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
      case HubMessage.Noticed(var notices) -> notice(notices);
      case HubMessage.CapacityAsked(var ask) -> {
        var _ = capacity.walk(ask);
      }
      case HubMessage.Drained _ -> draining = true;
      case HubMessage.StandingChanged(var standing) ->
          events.accept(new SessionEvent.StandingChanged(standing));
    }
  }

  private void walked(CapacityAnswer end) {
    var message = new Outgoing.Plain(new NodeMessage.CapacityAnswered(end));
    // One that finds no room counts as late, which it is: the member waits for what is before it.
    if (!ended.isDone() && outbox.hasRoom(message.frameBytes())) {
      outbox.append(message, message.frameBytes());
      turn();
    }
  }

  /** Work that has to make room is looked after when its time is over, not at the next beat. */
  private void notice(List<Notice> notices) {
    desk.notice(notices, System.nanoTime());
    for (long millis : notices.stream().mapToLong(Notice::millis).distinct().toArray()) {
      var _ = thread.after(Duration.ofMillis(millis + 1), this::sweep);
    }
  }

  private void sweep() {
    if (!ended.isDone()) {
      desk.sweep(System.nanoTime());
      turn();
    }
  }

  // What the node says -----------------------------------------------------------------------

  /** Asks for a turn, from any thread. */
  private void wake() {
    if (woken.compareAndSet(false, true)) {
      thread.post(this::turn);
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
    if (leavingForGood && dialer.isWelcomed() && desk.isIdle()) {
      sayLeft(true);
    }
    send(known);
    long dueInNanos = desk.dueInNanos(System.nanoTime());
    if (dueInNanos != Long.MAX_VALUE && (flush == null || flush.isDone())) {
      flush = thread.after(Duration.ofNanos(Math.max(1, dueInNanos)), this::turn);
    }
  }

  private void send(Welcome known) {
    while (dialer.isWelcomed() && dialer.isReady()) {
      var next = outbox.poll();
      if (next.isEmpty()) {
        break;
      }
      NodeMessage message =
          next.get().body().message(settings.node(), known.court(), settings.resultKey());
      dialer.send(NodeWire.frame(next.get().sequence(), inbox.acknowledged(), message));
      acknowledgementSent = inbox.acknowledged();
    }
    while (dialer.isWelcomed() && dialer.isReady()) {
      var next = words.poll();
      if (next.isEmpty()) {
        break;
      }
      dialer.send(NodeWire.frame(inbox.acknowledged(), next.get()));
      acknowledgementSent = inbox.acknowledged();
    }
    if (dialer.isWelcomed() && inbox.acknowledged() - acknowledgementSent >= ACKNOWLEDGE_EVERY) {
      dialer.send(NodeWire.acknowledgement(inbox.acknowledged()));
      acknowledgementSent = inbox.acknowledged();
    }
  }

  private void beat() {
    Welcome known = welcome;
    if (known == null || ended.isDone()) {
      return;
    }
    desk.sweep(System.nanoTime());
    Heartbeat now = heartbeat();
    long silenceMax = (long) SessionLimits.HEARTBEATS_MISSED_MAX * known.heartbeatMillis();
    if (dialer.isWelcomed() && dialer.silentMillis() > silenceMax) {
      dialer.drop("the member has been silent for " + dialer.silentMillis() + " ms");
    } else if (dialer.isWelcomed()) {
      dialer.send(NodeWire.frame(inbox.acknowledged(), now));
      acknowledgementSent = inbox.acknowledged();
    }
    events.accept(
        new SessionEvent.Beat(
            new SessionEvent.SessionStatus(
                dialer.isWelcomed(),
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
    return new Heartbeat(credits, book.running(), state, workbench.warm(SessionLimits.WARM_MAX));
  }

  private Heartbeat.State state() {
    if (draining) {
      return Heartbeat.State.DRAINING;
    }
    QuietHours quiet = settings.terms().quietHours();
    return quiet != null && quiet.contains(LocalTime.now(settings.clock()))
        ? Heartbeat.State.QUIET
        : Heartbeat.State.READY;
  }

  private void sayLeft(boolean permanent) {
    if (saidLeft) {
      return;
    }
    saidLeft = true;
    var message = new Outgoing.Plain(new NodeMessage.Left(permanent));
    Welcome known = welcome;
    if (known == null || !dialer.isWelcomed() || !outbox.hasRoom(message.frameBytes())) {
      end(new SessionEnd.Left());
      return;
    }
    outbox.append(message, message.frameBytes());
    send(known);
    if (!permanent) {
      var _ = thread.after(LEAVE_TIMEOUT, () -> end(new SessionEnd.Left()));
    }
  }

  private void end(SessionEnd end) {
    if (ended.isDone()) {
      return;
    }
    dialer.close();
    desk.cancelAll();
    workbench.close();
    capacity.close();
    blobs.close();
    thread.stop();
    ended.complete(end);
  }

  private static ByteString incarnation() {
    byte[] bytes = new byte[SessionLimits.NAME_BYTES];
    new SecureRandom().nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}

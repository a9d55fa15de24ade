package xyz.openledger.nodes.agent;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.nodes.session.NodeSession;
import xyz.openledger.nodes.session.PinnedTrust;
import xyz.openledger.nodes.session.SessionEnd;
import xyz.openledger.nodes.session.SessionEvent;
import xyz.openledger.nodes.session.SessionSettings;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.protocol.session.Standing;

/** A joined machine at work: its session, and the files by which its owner sees and steers it. */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final AgentHome home;
  private final AgentHome.Lock lock;
  private final Membership membership;
  private final Consumer<SessionEvent> events;
  private final Instant startedAt = Instant.now();
  private final CompletableFuture<SessionEnd> ended = new CompletableFuture<>();
  private volatile Standing standing = new Standing(Standing.State.JOINING, "");
  private final NodeSession session;

  private Agent(AgentSettings settings, TaskRunner runner, Consumer<SessionEvent> events) {
    this.home = new AgentHome(settings.data());
    this.membership = home.joined();
    this.lock = home.lock();
    this.events = events;
    var session =
        SessionSettings.of(
                membership.gateway(),
                new PinnedTrust(home.authority()),
                home.transportKey(),
                home.resultKey(),
                settings.inventory(),
                membership.benchmark(),
                membership.terms(),
                home.folder())
            .withBackoff(settings.backoff())
            .withClock(settings.clock());
    this.session = NodeSession.start(session, runner, this::heard);
    var _ = this.session.ended().thenAccept(this::finish);
  }

  /**
   * Starts the agent of a machine that has joined. Tasks go to {@code runner}, which stays the
   * caller's: {@code WorkerPool::run}, or whatever the caller puts before it.
   *
   * @param events heard on the session's thread
   */
  public static Agent start(
      AgentSettings settings, TaskRunner runner, Consumer<SessionEvent> events) {
    return new Agent(settings, runner, events);
  }

  /** Completes when the agent has stopped for good, and says why. */
  public CompletableFuture<SessionEnd> ended() {
    return ended.copy();
  }

  /** Takes no more leases; what runs goes on. */
  public void drain() {
    session.drain();
  }

  /** Ends what it has, and then leaves the network for good. */
  public void leave() {
    session.leave();
  }

  /** Gives up what it holds and stops; the machine may come back later. */
  @Override
  public void close() {
    session.close();
    ended.join();
  }

  private void heard(SessionEvent event) {
    switch (event) {
      case SessionEvent.Welcomed(var known, _) -> standing = known;
      case SessionEvent.StandingChanged(var known) -> standing = known;
      case SessionEvent.Beat(var status) -> {
        save(status(status));
        if (home.isOrderedToLeave()) {
          session.leave();
        }
      }
      case SessionEvent.Disconnected _ -> {}
    }
    events.accept(event);
  }

  /** A disk that is full must not end the session of a node that still works. */
  private void save(AgentStatus status) {
    try {
      home.save(status);
    } catch (UncheckedIOException unwritable) {
      LOG.warn("cannot write the status: {}", unwritable.getMessage());
    }
  }

  private void finish(SessionEnd end) {
    if (end instanceof SessionEnd.Left && home.isOrderedToLeave()) {
      home.forget();
    }
    lock.close();
    ended.complete(end);
  }

  private AgentStatus status(SessionEvent.SessionStatus status) {
    return new AgentStatus(
        membership.node(),
        membership.pool(),
        ProcessHandle.current().pid(),
        startedAt.toString(),
        Instant.now().toString(),
        status.connected(),
        standing.state().text(),
        status.heartbeat().state().text(),
        status.heartbeat().credits(),
        status.heartbeat().running(),
        status.held(),
        status.answered(),
        status.faulted(),
        status.refused(),
        status.reconnects());
  }
}

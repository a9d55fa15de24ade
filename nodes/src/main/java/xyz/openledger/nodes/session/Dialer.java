package xyz.openledger.nodes.session;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.protocol.node.v1.HubFrame;
import xyz.openledger.protocol.node.v1.NodeFrame;
import xyz.openledger.protocol.session.GrpcProblem;

/**
 * Keeps a session linked: dials, gives up links that are not answered, and waits longer after each
 * failure. All of it on the session's thread; what an older link still says is not heard.
 */
final class Dialer {
  /** Hears the present link, on the session's thread. */
  interface Listener {
    void heard(HubFrame frame);

    /** There may be room for more frames. */
    void ready();

    /** The link is gone; the next attempt comes after {@code retry}. */
    void dropped(String reason, Duration retry);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  private final SessionSettings settings;
  private final SessionThread thread;
  private final Listener listener;
  private final RandomGenerator random = new SecureRandom();
  private @Nullable GatewayLink link;
  private boolean welcomed;
  private boolean closed;
  private int failures;
  private long heardNanos;

  Dialer(SessionSettings settings, SessionThread thread, Listener listener) {
    this.settings = settings;
    this.thread = thread;
    this.listener = listener;
  }

  /** Opens a link, unless there is one. */
  void dial() {
    if (closed || link != null) {
      return;
    }
    heardNanos = System.nanoTime();
    GatewayLink opened =
        GatewayLink.open(GatewayChannel.open(settings.gateway(), settings.trust()), new Ear());
    link = opened;
    var _ =
        thread.after(
            HANDSHAKE_TIMEOUT,
            () -> {
              if (opened == link && !welcomed) {
                drop("the member did not answer in " + HANDSHAKE_TIMEOUT.toSeconds() + " s");
              }
            });
  }

  /** The member has let the node in: the way there is good. */
  void welcomed() {
    welcomed = true;
    failures = 0;
  }

  /** Whether the present link is past its welcome. */
  boolean isWelcomed() {
    return welcomed;
  }

  /** Whether a frame would leave at once. */
  boolean isReady() {
    return link != null && link.isReady();
  }

  /** Sends a frame; without a link it goes nowhere. */
  void send(NodeFrame frame) {
    if (link != null) {
      link.send(frame);
    }
  }

  /** For how long the member has said nothing. */
  long silentMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
  }

  /** Gives the present link up and plans the next one. */
  void drop(String reason) {
    if (link == null || closed) {
      return;
    }
    hangUp();
    failures++;
    Duration retry = settings.backoff().delay(failures, random);
    LOG.info("{}; next attempt in {} ms", reason, retry.toMillis());
    var _ = thread.after(retry, this::dial);
    listener.dropped(reason, retry);
  }

  /** Ends the present link; there is no next one. */
  void close() {
    closed = true;
    hangUp();
  }

  private void hangUp() {
    GatewayLink broken = link;
    link = null;
    welcomed = false;
    if (broken != null) {
      broken.close();
    }
  }

  private final class Ear implements GatewayLink.Listener {
    @Override
    public void heard(GatewayLink from, HubFrame frame) {
      thread.post(
          () -> {
            if (from == link) {
              heardNanos = System.nanoTime();
              listener.heard(frame);
            }
          });
    }

    @Override
    public void ready(GatewayLink from) {
      listener.ready();
    }

    @Override
    public void broken(GatewayLink from, Throwable reason) {
      thread.post(
          () -> {
            if (from == link) {
              drop(GrpcProblem.decode(reason).detail());
            }
          });
    }
  }
}

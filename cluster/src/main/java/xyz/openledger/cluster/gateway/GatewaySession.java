package xyz.openledger.cluster.gateway;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.node.v1.NodeFrame;
import xyz.openledger.protocol.session.Hello;
import xyz.openledger.protocol.session.HubMessage;
import xyz.openledger.protocol.session.HubWire;
import xyz.openledger.protocol.session.Inbox;
import xyz.openledger.protocol.session.NodeMessage;
import xyz.openledger.protocol.session.NodeWire;
import xyz.openledger.protocol.session.SessionLimits;
import xyz.openledger.protocol.session.Standing;
import xyz.openledger.protocol.session.Welcome;

/**
 * One node's session, over any number of streams: from its admission to its end. Its state belongs
 * to one serial executor; only the outbox is shared with those who send, under its own lock.
 */
final class GatewaySession implements HubSender {
  private static final Logger LOG = LoggerFactory.getLogger(GatewaySession.class);
  private static final String LEFT = "left";

  private final NodeId node;
  private final ByteString name;
  private final GatewaySettings settings;
  private final Executor serial;
  private final Consumer<GatewaySession> whenEnded;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private final OutboundQueue outbound;
  private final Inbox inbox = new Inbox();
  private @Nullable Admission admission;
  private @Nullable Delivery delivery;
  private @Nullable Standing standing;
  private @Nullable GatewayStream stream;
  private long heardNanos = System.nanoTime();
  private long brokenNanos;

  GatewaySession(
      NodeId node,
      ByteString name,
      GatewaySettings settings,
      Executor threads,
      Consumer<GatewaySession> whenEnded) {
    this.node = node;
    this.name = name;
    this.settings = settings;
    this.serial = new SerialExecutor(threads);
    this.whenEnded = whenEnded;
    this.outbound = new OutboundQueue(settings.outboundFramesMax(), settings.outboundBytesMax());
  }

  NodeId node() {
    return node;
  }

  /** Whether a node that says hello means this session. */
  boolean isNamed(ByteString other) {
    return name.equals(other);
  }

  // From the gateway -------------------------------------------------------------------------

  /** The directory wants the node: its first stream begins. */
  void admitted(Admission granted, Hello hello, GatewayStream opened) {
    serial.execute(
        () -> {
          if (outbound.isClosed()) {
            // Superseded, or closed, while the directory was thinking.
            granted.sink().ended(SessionSink.Ending.SUPERSEDED, "it ended before it began");
            opened.finish();
            return;
          }
          admission = granted;
          delivery = new Delivery(granted.sink(), serial, new Deliveries());
          standing = granted.standing();
          attach(opened, false, hello.credits());
        });
  }

  /** The node is back on a new stream. */
  void resume(Hello hello, long acknowledged, GatewayStream opened) {
    serial.execute(
        () -> {
          Admission known = admission;
          if (outbound.isClosed() || known == null) {
            opened.goodbye(Problem.UNAVAILABLE.code(), "the session is just ending; come again");
            return;
          }
          GatewayStream before = stream;
          stream = null;
          if (before != null) {
            before.finish();
          }
          try {
            var _ = outbound.acknowledge(acknowledged);
            outbound.rewind();
          } catch (ProblemException violated) {
            opened.goodbye(Problem.PROTOCOL_VIOLATION.code(), violated.detail());
            end(SessionSink.Ending.VIOLATED, violated.detail());
            return;
          }
          attach(opened, true, hello.credits());
        });
  }

  private void attach(GatewayStream opened, boolean resumed, int credits) {
    Admission known = admitted();
    stream = opened;
    heardNanos = System.nanoTime();
    opened.send(
        HubWire.frame(
            inbox.acknowledged(),
            new Welcome(
                (int) settings.heartbeat().toMillis(),
                known.court(),
                known.blobUrl(),
                known.blobToken(),
                resumed,
                name,
                standing == null ? known.standing() : standing)));
    opened.attach(this);
    LOG.debug("{} is {} with {} credits", node, resumed ? "back" : "here", credits);
    known.sink().linkChanged(true);
    pump();
    if (opened.isOver()) {
      // It broke before it belonged to anyone who could have heard of it.
      detach(opened);
    }
  }

  /** Looks whether the link is silent for too long, or gone for too long. */
  void tick() {
    serial.execute(
        () -> {
          long now = System.nanoTime();
          GatewayStream open = stream;
          if (open != null
              && now - heardNanos
                  > SessionLimits.HEARTBEATS_MISSED_MAX * settings.heartbeat().toNanos()) {
            open.finish();
            detach(open);
          } else if (open == null
              && admission != null
              && now - brokenNanos >= settings.grace().toNanos()) {
            end(SessionSink.Ending.LOST, "no link for " + settings.grace().toMillis() + " ms");
          }
        });
  }

  /** The node has begun a new session; completes when the sink knows. */
  CompletionStage<Void> supersede() {
    serial.execute(
        () -> {
          goodbye(Problem.WRONG_STATE, "this node has begun another session");
          end(SessionSink.Ending.SUPERSEDED, "the node has begun another session");
        });
    return ended;
  }

  /** The gateway stops; nodes come back later, here or elsewhere. */
  CompletionStage<Void> stop() {
    close(Problem.UNAVAILABLE, "this member is stopping");
    return ended;
  }

  // From the stream --------------------------------------------------------------------------

  void heard(GatewayStream from, NodeFrame frame) {
    serial.execute(
        () -> {
          if (from == stream) {
            hear(from, frame);
          }
        });
  }

  void ready(GatewayStream from) {
    serial.execute(
        () -> {
          if (from == stream) {
            pump();
          }
        });
  }

  void broken(GatewayStream from) {
    serial.execute(() -> detach(from));
  }

  private void detach(GatewayStream gone) {
    if (gone == stream) {
      stream = null;
      brokenNanos = System.nanoTime();
      if (!outbound.isClosed()) {
        admitted().sink().linkChanged(false);
      }
    }
  }

  private void hear(GatewayStream from, NodeFrame frame) {
    heardNanos = System.nanoTime();
    try {
      acknowledged(frame.getAcknowledged());
      if (frame.getSequence() == 0) {
        unnumbered(from, frame);
      } else if (inbox.accept(frame.getSequence()) == Inbox.Arrival.NEXT) {
        deliver(checked(NodeWire.message(frame)), frame.getSequence());
      } else {
        from.request();
      }
    } catch (ProblemException violated) {
      Problem reason =
          violated.problem() == Problem.BAD_SIGNATURE
              ? Problem.BAD_SIGNATURE
              : Problem.PROTOCOL_VIOLATION;
      String detail = GatewayStream.printable(String.valueOf(violated.getMessage()));
      LOG.warn("{} broke the protocol: {}", node, detail);
      goodbye(reason, detail);
      end(SessionSink.Ending.VIOLATED, detail);
    }
  }

  private void unnumbered(GatewayStream from, NodeFrame frame) {
    from.request();
    switch (frame.getBodyCase()) {
      case HEARTBEAT -> {
        admitted().sink().heartbeat(NodeWire.heartbeat(frame.getHeartbeat()));
        from.send(HubWire.acknowledgement(inbox.acknowledged()));
      }
      case WORDS -> admitted().sink().words(NodeWire.words(frame.getWords()));
      case BODY_NOT_SET -> {}
      default ->
          throw new ProblemException(
              Problem.PROTOCOL_VIOLATION, "sequence", frame.getBodyCase() + " has no number");
    }
  }

  private NodeMessage checked(NodeMessage message) {
    Admission known = admitted();
    if (message instanceof NodeMessage.Revealed(var batch)
        && !batch.isSignedBy(known.resultKey(), node, known.court())) {
      throw new ProblemException(
          Problem.BAD_SIGNATURE,
          "reveals.signature",
          "is not by this node's result key, or covers something else");
    }
    return message;
  }

  private void acknowledged(long sequence) {
    if (outbound.acknowledge(sequence)) {
      admitted().sink().writable();
    }
  }

  private void deliver(NodeMessage message, long sequence) {
    Delivery known = delivery;
    if (known != null) {
      known.add(message, sequence);
    }
  }

  private final class Deliveries implements Delivery.Listener {
    @Override
    public void delivered(List<NodeMessage> batch, long last) {
      inbox.processed(last);
      if (batch.stream().anyMatch(NodeMessage.Left.class::isInstance)) {
        finish(LEFT, "until next time");
        end(SessionSink.Ending.LEFT, "the node said that it goes");
        return;
      }
      GatewayStream open = stream;
      if (open != null) {
        batch.forEach(_ -> open.request());
        if (!pump()) {
          open.send(HubWire.acknowledgement(inbox.acknowledged()));
        }
      }
    }

    @Override
    public void failed(Throwable reason) {
      LOG.warn("what {} said could not be taken", node, reason);
      close(Problem.UNAVAILABLE, "what the node said could not be taken; it may say it again");
    }
  }

  // To the node ------------------------------------------------------------------------------

  @Override
  public boolean send(HubMessage message) {
    if (!outbound.offer(message)) {
      return false;
    }
    serial.execute(
        () -> {
          if (message instanceof HubMessage.StandingChanged(var changed)) {
            standing = changed;
          }
          pump();
        });
    return true;
  }

  @Override
  public void close(Problem reason, String detail) {
    serial.execute(
        () -> {
          goodbye(reason, detail);
          end(SessionSink.Ending.CLOSED, detail);
        });
  }

  /** Sends what waits, as far as the link takes it; whether anything was sent. */
  private boolean pump() {
    GatewayStream open = stream;
    boolean sent = false;
    while (open != null && open.isReady()) {
      var next = outbound.poll();
      if (next.isEmpty()) {
        break;
      }
      open.send(HubWire.frame(next.get().sequence(), inbox.acknowledged(), next.get().body()));
      sent = true;
    }
    return sent;
  }

  private void goodbye(Problem reason, String detail) {
    finish(reason.code(), detail);
  }

  private void finish(String code, String detail) {
    GatewayStream open = stream;
    stream = null;
    if (open != null) {
      open.goodbye(code, detail);
    }
  }

  private void end(SessionSink.Ending ending, String detail) {
    if (!outbound.close()) {
      return;
    }
    if (delivery != null) {
      delivery.stop();
    }
    finish(Problem.UNAVAILABLE.code(), detail);
    whenEnded.accept(this);
    Admission known = admission;
    if (known != null) {
      known.sink().ended(ending, detail);
    }
    ended.complete(null);
  }

  private Admission admitted() {
    Admission known = admission;
    if (known == null) {
      throw new IllegalStateException(node + " is not admitted yet");
    }
    return known;
  }
}

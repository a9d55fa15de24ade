package xyz.openledger.cluster.gateway;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.node.v1.HubFrame;
import xyz.openledger.protocol.node.v1.NodeFrame;
import xyz.openledger.protocol.session.Hello;
import xyz.openledger.protocol.session.HubWire;
import xyz.openledger.protocol.session.NodeWire;
import xyz.openledger.protocol.session.SessionLimits;

/**
 * One stream that a node opened: asks who it is, and hands it to the session that it belongs to.
 * gRPC calls it from one thread at a time; sending is guarded, since sessions send from others.
 */
final class GatewayStream implements StreamObserver<NodeFrame> {
  /** Frames on their way in; the next comes when one of them is processed. */
  static final int WINDOW = 16;

  private static final int DETAIL_CHARACTERS_MAX = 500;

  /** Decides what becomes of a stream whose node has proved who it is. */
  @FunctionalInterface
  interface Reception {
    void receive(Hello hello, long acknowledged, GatewayStream stream);
  }

  private final ServerCallStreamObserver<HubFrame> out;
  private final Reception reception;
  private final Runnable handshakeOver;
  private final ByteString nonce = nonce();
  private volatile boolean greeted;
  private boolean closed;
  private volatile @Nullable GatewaySession session;

  GatewayStream(
      ServerCallStreamObserver<HubFrame> out, Reception reception, Runnable handshakeOver) {
    this.out = out;
    this.reception = reception;
    this.handshakeOver = handshakeOver;
    out.disableAutoRequest();
    out.setOnReadyHandler(this::ready);
    out.setOnCancelHandler(this::ended);
  }

  /** Asks the node who it is. */
  void open() {
    send(HubWire.nonce(nonce));
    request();
  }

  @Override
  public void onNext(NodeFrame frame) {
    GatewaySession known = session;
    if (known != null) {
      known.heard(this, frame);
      return;
    }
    try {
      Hello hello = hello(frame);
      greeted = true;
      handshakeOver.run();
      reception.receive(hello, frame.getAcknowledged(), this);
    } catch (ProblemException refused) {
      Problem problem =
          refused.problem() == Problem.BAD_SIGNATURE
              ? Problem.BAD_SIGNATURE
              : Problem.PROTOCOL_VIOLATION;
      goodbye(problem.code(), String.valueOf(refused.getMessage()));
    }
  }

  private Hello hello(NodeFrame frame) {
    if (greeted || !frame.hasHello()) {
      throw new ProblemException(
          Problem.PROTOCOL_VIOLATION, "body", "a stream begins with one hello, and waits");
    }
    Hello hello = NodeWire.hello(frame.getHello());
    if (!hello.answers(nonce)) {
      throw new ProblemException(
          Problem.BAD_SIGNATURE, "hello.signature", "does not answer this stream's nonce");
    }
    return hello;
  }

  /** From here on the session hears what comes; and more of it may come at once. */
  void attach(GatewaySession owner) {
    session = owner;
    for (int i = 0; i < WINDOW; i++) {
      request();
    }
  }

  @Override
  public void onError(Throwable broken) {
    ended();
  }

  @Override
  public void onCompleted() {
    ended();
    finish();
  }

  /** Whether the node said hello in time. */
  boolean isGreeted() {
    return greeted;
  }

  boolean isReady() {
    return out.isReady();
  }

  /** Whether nothing more will be heard of it. */
  synchronized boolean isOver() {
    return closed || out.isCancelled();
  }

  /** Lets one more frame in. */
  void request() {
    out.request(1);
  }

  synchronized void send(HubFrame frame) {
    if (!closed && !out.isCancelled()) {
      out.onNext(frame);
    }
  }

  /** Says why, and ends the stream. */
  void goodbye(String code, String detail) {
    send(HubWire.goodbye(code, printable(detail)));
    finish();
  }

  /** Ends the stream. */
  synchronized void finish() {
    if (!closed) {
      closed = true;
      handshakeOver.run();
      if (!out.isCancelled()) {
        out.onCompleted();
      }
    }
  }

  /** A peer's own words may stand in a refusal: only so many, and nothing that moves a cursor. */
  static String printable(String text) {
    return text.substring(0, Math.min(text.length(), DETAIL_CHARACTERS_MAX))
        .replaceAll("\\p{Cntrl}", "?");
  }

  private void ready() {
    GatewaySession known = session;
    if (known != null) {
      known.ready(this);
    }
  }

  private void ended() {
    handshakeOver.run();
    GatewaySession known = session;
    if (known != null) {
      known.broken(this);
    }
  }

  private static ByteString nonce() {
    byte[] bytes = new byte[SessionLimits.NONCE_BYTES];
    new SecureRandom().nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}

package xyz.openledger.nodes.session;

import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.node.v1.HubFrame;
import xyz.openledger.protocol.node.v1.NodeFrame;
import xyz.openledger.protocol.node.v1.NodeGatewayGrpc;

/** One stream to the member, from its opening to its end. A session goes through many of them. */
final class GatewayLink {
  /** Hears one link; called on the connection's threads, each call after the one before. */
  interface Listener {
    /** The member said something. */
    void heard(GatewayLink link, HubFrame frame);

    /** There is room again after {@link #isReady} was false. */
    void ready(GatewayLink link);

    /** The stream is over; nothing else is heard of it. */
    void broken(GatewayLink link, Throwable reason);
  }

  private final ManagedChannel channel;
  private final Listener listener;
  private @Nullable ClientCallStreamObserver<NodeFrame> stream;

  private GatewayLink(ManagedChannel channel, Listener listener) {
    this.channel = channel;
    this.listener = listener;
  }

  /** Opens a stream on a channel of its own, which ends with it. */
  static GatewayLink open(ManagedChannel channel, Listener listener) {
    var link = new GatewayLink(channel, listener);
    var _ = NodeGatewayGrpc.newStub(channel).session(link.new Ear());
    return link;
  }

  /** Whether a frame would leave at once; before that it would only pile up. */
  boolean isReady() {
    var open = stream;
    return open != null && open.isReady();
  }

  /** Sends a frame; on a broken link it goes nowhere. */
  void send(NodeFrame frame) {
    var open = stream;
    if (open != null) {
      open.onNext(frame);
    }
  }

  /** Says that nothing more will be sent; the member ends the stream. */
  void finish() {
    var open = stream;
    if (open != null) {
      open.onCompleted();
    }
  }

  /** Ends it now. */
  void close() {
    channel.shutdownNow();
  }

  private final class Ear implements ClientResponseObserver<NodeFrame, HubFrame> {
    @Override
    public void beforeStart(ClientCallStreamObserver<NodeFrame> opened) {
      stream = opened;
      opened.setOnReadyHandler(() -> listener.ready(GatewayLink.this));
    }

    @Override
    public void onNext(HubFrame frame) {
      listener.heard(GatewayLink.this, frame);
    }

    @Override
    public void onError(Throwable reason) {
      channel.shutdownNow();
      listener.broken(GatewayLink.this, reason);
    }

    @Override
    public void onCompleted() {
      channel.shutdownNow();
      listener.broken(GatewayLink.this, new java.io.EOFException("the member ended the stream"));
    }
  }
}

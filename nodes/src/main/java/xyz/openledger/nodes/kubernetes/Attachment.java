package xyz.openledger.nodes.kubernetes;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a container over one connection. Each message begins with the number of its
 * stream; 255 and a number closes that one.
 *
 * <p>The connection is asked for a further message only when one was read, so that at most {@value
 * #WINDOW} of them wait here.
 */
final class Attachment implements WebSocket.Listener {
  private static final byte STDIN = 0;
  private static final byte STDOUT = 1;
  private static final byte STDERR = 2;
  private static final byte CLOSE = (byte) 255;
  private static final int WINDOW = 8;
  private static final int CHUNK_BYTES_MAX = 32 << 10;

  private final CompletableFuture<WebSocket> open = new CompletableFuture<>();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final ChannelInput output = new ChannelInput(this::another);
  private final ChannelInput errors = new ChannelInput(this::another);
  private volatile long heardNanos = System.nanoTime();
  private @Nullable ChannelInput channel;
  private boolean inside;

  /** What the program writes. */
  ChannelInput output() {
    return output;
  }

  /** What the program complains about. */
  ChannelInput errors() {
    return errors;
  }

  /** Completes when the connection has ended, with why it broke or with nothing. */
  CompletableFuture<String> closed() {
    return closed;
  }

  /** When the other side last gave a sign of life, in {@link System#nanoTime}. */
  long heardNanos() {
    return heardNanos;
  }

  /** Asks the other side for a sign of life. */
  void ping() {
    var _ = open.thenCompose(socket -> socket.sendPing(ByteBuffer.allocate(0)));
  }

  /** Ends the connection at once, and what waits for it. */
  void abort() {
    var _ = open.thenAccept(WebSocket::abort);
    closed.complete("");
  }

  private void another() {
    WebSocket socket = open.getNow(null);
    if (socket != null) {
      socket.request(1);
    }
  }

  @Override
  public void onOpen(WebSocket socket) {
    open.complete(socket);
    socket.request(WINDOW);
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    heardNanos = System.nanoTime();
    if (data.hasRemaining()) {
      if (!inside) {
        channel = channel(data.get());
      }
      inside = !last;
    } else {
      inside &= !last;
    }
    ChannelInput target = channel;
    if (target != null && data.hasRemaining()) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      target.add(part);
    } else {
      socket.request(1);
    }
    return null;
  }

  /** Of the others, closings and what the cluster makes of it, the pod's state says more. */
  private @Nullable ChannelInput channel(byte number) {
    return number == STDOUT ? output : number == STDERR ? errors : null;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
    heardNanos = System.nanoTime();
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    closed.complete("");
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    closed.complete("its connection broke: " + ClusterRefusal.bounded(String.valueOf(error)));
  }

  /** What the program reads. Each write waits until the connection has taken it. */
  OutputStream input() {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int sent = 0; sent < length; sent += CHUNK_BYTES_MAX) {
          int count = Math.min(CHUNK_BYTES_MAX, length - sent);
          send(ByteBuffer.allocate(1 + count).put(STDIN).put(bytes, offset + sent, count).flip());
        }
      }

      @Override
      public void close() throws IOException {
        if (!closed.isDone()) {
          send(ByteBuffer.wrap(new byte[] {CLOSE, STDIN}));
        }
      }
    };
  }

  private synchronized void send(ByteBuffer message) throws IOException {
    try {
      open.get().sendBinary(message, true).get();
    } catch (ExecutionException broken) {
      throw new IOException("the connection to the pod is broken", broken.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing to a pod", e);
    }
  }
}

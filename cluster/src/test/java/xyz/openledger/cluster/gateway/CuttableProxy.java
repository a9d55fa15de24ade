package xyz.openledger.cluster.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Forwards TCP to a port that may change, and cuts what it forwards when told to. */
final class CuttableProxy implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile int target;
  private volatile boolean silent;

  CuttableProxy(int target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  void forwardTo(int port) {
    target = port;
  }

  /** Swallows bytes from now on, without ending any connection. */
  void fallSilent(boolean on) {
    silent = on;
  }

  int cut() {
    int cut = sockets.size() / 2;
    sockets.forEach(CuttableProxy::close);
    sockets.clear();
    return cut;
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }

  private void accept() {
    try {
      while (true) {
        Socket inside = server.accept();
        try {
          Socket outside = new Socket(InetAddress.getLoopbackAddress(), target);
          inside.setTcpNoDelay(true);
          outside.setTcpNoDelay(true);
          sockets.add(inside);
          sockets.add(outside);
          Thread.ofVirtual().start(() -> pump(inside, outside));
          Thread.ofVirtual().start(() -> pump(outside, inside));
        } catch (IOException nobody) {
          close(inside);
        }
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] chunk = new byte[1 << 14];
    try {
      for (int read = from.getInputStream().read(chunk);
          read >= 0;
          read = from.getInputStream().read(chunk)) {
        if (!silent) {
          to.getOutputStream().write(chunk, 0, read);
        }
      }
    } catch (IOException cut) {
      // Both ends are closed below.
    }
    close(from);
    close(to);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closing) {
      throw new UncheckedIOException(closing);
    }
  }
}

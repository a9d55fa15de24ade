package xyz.openledger.cluster.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Many clients who all send the same request at once, each over a connection of its own. */
public final class Crowd implements AutoCloseable {
  private static final int HEAD_BYTES = 2_048;

  private final Selector selector = Selector.open();
  private final ByteBuffer request;
  private final InetSocketAddress server;
  private final List<Client> clients = new ArrayList<>();

  /** One of them; what it heard is cut behind the head. */
  private static final class Client {
    final ByteBuffer unsent;
    final ByteBuffer heard = ByteBuffer.allocate(HEAD_BYTES);
    boolean over;

    Client(ByteBuffer unsent) {
      this.unsent = unsent;
    }

    String head() {
      return new String(heard.array(), 0, heard.position(), ISO_8859_1);
    }
  }

  /** Clients of {@code server} who all send {@code request}; none is there yet. */
  public Crowd(InetSocketAddress server, byte[] request) throws IOException {
    this.server = server;
    this.request = ByteBuffer.wrap(request);
  }

  /** So many more begin to connect. */
  public void come(int more) throws IOException {
    for (int i = 0; i < more; i++) {
      var client = new Client(request.duplicate());
      clients.add(client);
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.connect(server);
      channel.register(selector, SelectionKey.OP_CONNECT, client);
    }
  }

  /**
   * Goes on until so many were answered. Where the queue of connections was full, the kernel
   * forgets some of them; they come again, as clients do.
   */
  public void until(int answered, long deadlineNanos) throws IOException {
    while (clients.stream().filter(client -> client.over).count() < answered) {
      if (System.nanoTime() > deadlineNanos) {
        throw new IOException("answered: " + clients.stream().filter(one -> one.over).count());
      }
      selector.select(100);
      int lost = 0;
      for (SelectionKey key : selector.selectedKeys()) {
        try {
          step(key);
        } catch (IOException reset) {
          key.channel().close();
          clients.remove((Client) key.attachment());
          lost++;
        }
      }
      selector.selectedKeys().clear();
      come(lost);
    }
  }

  private static void step(SelectionKey key) throws IOException {
    var channel = (SocketChannel) key.channel();
    var client = (Client) key.attachment();
    if (key.isConnectable() && channel.finishConnect()) {
      key.interestOps(SelectionKey.OP_WRITE);
    } else if (key.isWritable()) {
      channel.write(client.unsent);
      key.interestOps(client.unsent.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    } else if (key.isReadable()) {
      ByteBuffer to = client.heard.hasRemaining() ? client.heard : ByteBuffer.allocate(HEAD_BYTES);
      if (channel.read(to) < 0) {
        client.over = true;
        channel.close();
      }
    }
  }

  /** What those heard who were answered: status line and headers. */
  public List<String> heads() {
    return clients.stream().filter(client -> client.over).map(Client::head).toList();
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}

package xyz.openledger.nodes.kubernetes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.json.Json;

/** HTTP/1.1 and WebSocket (RFC 9112, RFC 6455) from the server's side, as much as a test needs. */
final class Connection implements AutoCloseable {
  private static final String ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  record Request(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      byte[] body) {
    JsonNode json() {
      return Json.tree(body);
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  Connection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
  }

  /** The next request; null when there is none. */
  @Nullable Request request() throws IOException {
    String first = line();
    if (first.isEmpty()) {
      return null;
    }
    String[] words = first.split(" ");
    var headers = new HashMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    int mark = words[1].indexOf('?');
    String path = mark < 0 ? words[1] : words[1].substring(0, mark);
    return new Request(
        words[0], path, query(mark < 0 ? "" : words[1].substring(mark + 1)), headers, body);
  }

  private static Map<String, String> query(String text) {
    var query = new HashMap<String, String>();
    for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
      int equals = pair.indexOf('=');
      query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
    }
    return query;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int letter = in.read(); letter >= 0 && letter != '\n'; letter = in.read()) {
      if (letter != '\r') {
        line.write(letter);
      }
    }
    return line.toString(ISO_8859_1);
  }

  void answer(int status, byte[] body) throws IOException {
    String head =
        "HTTP/1.1 %d Answer\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(status, body.length);
    out.write(head.getBytes(ISO_8859_1));
    out.write(body);
    out.flush();
  }

  void answer(int status, JsonNode body) throws IOException {
    answer(status, Json.write(body));
  }

  /** A refusal as the API words it. */
  void refuse(int status, String reason, String message) throws IOException {
    answer(
        status,
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "Status")
            .put("apiVersion", "v1")
            .put("status", "Failure")
            .put("message", message)
            .put("reason", reason)
            .put("code", status));
  }

  void upgrade(Request request, String protocol) throws IOException {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((request.header("sec-websocket-key") + ACCEPT).getBytes(ISO_8859_1));
      String head =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: %s\r\n\r\n";
      String accept = Base64.getEncoder().encodeToString(hash);
      out.write(head.formatted(accept, protocol).getBytes(ISO_8859_1));
      out.flush();
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The next message; null when the other side is gone. */
  byte @Nullable [] message() throws IOException {
    var message = new ByteArrayOutputStream();
    while (true) {
      int first;
      try {
        first = in.readUnsignedByte();
      } catch (EOFException gone) {
        return null;
      }
      byte[] payload = payload();
      switch (first & 15) {
        case 0, BINARY -> {
          message.write(payload);
          if ((first & 128) != 0) {
            return message.toByteArray();
          }
        }
        case PING -> frame(PONG, payload);
        case PONG -> {}
        case CLOSE -> {
          return null;
        }
        default -> throw new IOException("a message that is not binary: " + (first & 15));
      }
    }
  }

  private byte[] payload() throws IOException {
    int second = in.readUnsignedByte();
    if ((second & 128) == 0) {
      throw new IOException("a client's frame that is not masked");
    }
    long length = second & 127;
    length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes(Math.toIntExact(length));
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i & 3];
    }
    return payload;
  }

  /** Sends bytes of one of the container's streams. */
  void send(int channel, byte[] bytes, int length) throws IOException {
    frame(
        BINARY, ByteBuffer.allocate(1 + length).put((byte) channel).put(bytes, 0, length).array());
  }

  void sendClose() throws IOException {
    frame(CLOSE, new byte[] {3, (byte) 0xe8});
  }

  private synchronized void frame(int opcode, byte[] payload) throws IOException {
    var head = ByteBuffer.allocate(10).put((byte) (128 | opcode));
    if (payload.length < 126) {
      head.put((byte) payload.length);
    } else if (payload.length < 65_536) {
      head.put((byte) 126).putShort((short) payload.length);
    } else {
      head.put((byte) 127).putLong(payload.length);
    }
    out.write(head.array(), 0, head.position());
    out.write(payload);
    out.flush();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      // It is.
    }
  }
}

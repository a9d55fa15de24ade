package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.protocol.Digest;

/** Writes safetensors: the same numbers and remarks are the same bytes. */
public final class TensorWriter {
  private record Part(Parameters parameters, Layout.Parameter parameter, String name) {}

  private final List<Part> parts = new ArrayList<>();
  private final boolean half;

  /**
   * A file to be.
   *
   * @param half whether numbers are rounded to bf16, the nearest, ties to even
   */
  public TensorWriter(boolean half) {
    this.half = half;
  }

  /** Adds all of these parameters, with a prefix before their names. */
  public TensorWriter add(String prefix, Parameters parameters) {
    for (Layout.Parameter parameter : parameters.layout().parameters()) {
      parts.add(new Part(parameters, parameter, prefix + parameter.name()));
    }
    return this;
  }

  /** Writes the file, or leaves what was there; answers the digest of its bytes. */
  public Digest write(Path file, Map<String, String> remarks) throws IOException {
    Path written = file.resolveSibling(file.getFileName() + ".new");
    var sha256 = Digest.sha256();
    try (FileChannel channel =
            FileChannel.open(
                written,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), sha256)) {
      byte[] header = header(remarks);
      out.write(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(header.length)
              .array());
      out.write(header);
      for (Part part : parts) {
        MemorySegment numbers = part.parameters.of(part.parameter);
        out.write(half ? halves(numbers) : numbers.toArray(JAVA_BYTE));
      }
      channel.force(true);
    }
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return Digest.wrap(sha256.digest());
  }

  private byte[] header(Map<String, String> remarks) throws IOException {
    var json = new ObjectMapper();
    ObjectNode root = json.createObjectNode();
    ObjectNode metadata = root.putObject("__metadata__");
    new TreeMap<>(remarks).forEach(metadata::put);
    long at = 0;
    for (Part part : parts) {
      ObjectNode tensor = root.putObject(part.name);
      tensor.put("dtype", half ? "BF16" : "F32");
      part.parameter.shape().forEach(tensor.withArray("shape")::add);
      long end = at + part.parameter.count() * (half ? Short.BYTES : Float.BYTES);
      tensor.putArray("data_offsets").add(at).add(end);
      at = end;
    }
    byte[] text = json.writeValueAsBytes(root);
    // Numbers begin at a multiple of eight bytes.
    String padding = " ".repeat((8 - text.length % 8) % 8);
    return (new String(text, UTF_8) + padding).getBytes(UTF_8);
  }

  private static byte[] halves(MemorySegment numbers) {
    var bytes = new byte[(int) (numbers.byteSize() / 2)];
    for (int i = 0; i < bytes.length / 2; i++) {
      int bits = Float.floatToRawIntBits(numbers.getAtIndex(JAVA_FLOAT, i));
      int rounded = (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
      bytes[2 * i] = (byte) rounded;
      bytes[2 * i + 1] = (byte) (rounded >>> 8);
    }
    return bytes;
  }
}

package xyz.openledger.models.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes Protocol Buffers, right and wrong. */
public final class OnnxBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public static OnnxBytes of() {
    return new OnnxBytes();
  }

  public OnnxBytes number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  public OnnxBytes bytes(int field, byte[] value) {
    varint((long) field << 3 | 2);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  public OnnxBytes text(int field, String value) {
    return bytes(field, value.getBytes(UTF_8));
  }

  public OnnxBytes message(int field, OnnxBytes value) {
    return bytes(field, value.toBytes());
  }

  public OnnxBytes raw(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  private void varint(long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      out.write((int) (left & 0x7f | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  public byte[] toBytes() {
    return out.toByteArray();
  }

  /** A tensor of floats. */
  public static OnnxBytes floats(String name, long rows, long columns, float... values) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return of().number(1, rows).number(1, columns).number(2, 1).text(8, name).bytes(9, raw.array());
  }

  /** An input or output: rows of floats, as many as there are. */
  public static OnnxBytes port(String name, int columns) {
    OnnxBytes shape = of().message(1, of().text(2, "rows")).message(1, of().number(1, columns));
    return of().text(1, name).message(2, of().message(1, of().number(1, 1).message(2, shape)));
  }

  public static OnnxBytes node(String operator, String made, String... read) {
    OnnxBytes node = of();
    for (String name : read) {
      node.text(1, name);
    }
    return node.text(2, made).text(4, operator);
  }

  /** {@code y = relu(x · w)}, with something more in its graph. */
  public static OnnxBytes graph(OnnxBytes... more) {
    OnnxBytes graph =
        of().message(1, node("MatMul", "h", "x", "w"))
            .message(1, node("Relu", "y", "h"))
            .text(2, "small")
            .message(5, floats("w", 3, 2, 1, -2, 3, -4, 5, -6))
            .message(11, port("x", 3))
            .message(12, port("y", 2));
    for (OnnxBytes one : more) {
      graph.out.writeBytes(one.toBytes());
    }
    return graph;
  }

  public static OnnxBytes model(OnnxBytes graph) {
    return of().number(1, 8).message(7, graph).message(8, of().number(2, 17));
  }
}

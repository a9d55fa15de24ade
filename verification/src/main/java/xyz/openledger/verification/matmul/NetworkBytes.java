package xyz.openledger.verification.matmul;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/**
 * A {@link Network} as bytes; there is one form of each.
 *
 * <pre>
 *   network   = "OLMM" version(1 byte: 1) inputColumns(int32) count(int16) operator …
 *   operator  = kind(1 byte) source(int16) …
 *     1 product     columns(int32) weights(source's columns × columns bytes, row by row)
 *     2 bias        values(int32 for each column)
 *     3 requantise  shift(1 byte)
 *     4 relu
 *     5 sum         other(int16)
 *     6 argmax
 *   all numbers big-endian and signed; nothing follows the last operator
 * </pre>
 */
public final class NetworkBytes {
  private static final int MAGIC = 0x4f4c4d4d;
  private static final byte VERSION = 1;

  private NetworkBytes() {}

  /** Whether bytes begin as a network does; a WebAssembly module begins otherwise. */
  public static boolean begin(byte[] bytes) {
    return bytes.length >= Integer.BYTES && ByteBuffer.wrap(bytes).getInt() == MAGIC;
  }

  /**
   * Reads a network. Allocates no more than the bytes themselves account for.
   *
   * @throws NetworkRefusal for anything else
   */
  public static Network read(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    try {
      return read(in);
    } catch (BufferUnderflowException e) {
      throw new NetworkRefusal(in.position(), "the bytes end inside a network");
    } catch (IllegalArgumentException e) {
      throw new NetworkRefusal(in.position(), String.valueOf(e.getMessage()));
    }
  }

  private static Network read(ByteBuffer in) {
    if (in.getInt() != MAGIC) {
      throw new NetworkRefusal(0, "a network begins with OLMM");
    }
    if (in.get() != VERSION) {
      throw new NetworkRefusal(4, "only version 1 of networks is known");
    }
    int inputColumns = in.getInt();
    int count = in.getShort();
    if (count < 1 || count > Network.OPERATORS_MAX) {
      throw new NetworkRefusal(9, "a network has 1 to 256 operators");
    }
    var operators = new ArrayList<Operator>(count);
    var columns = new ArrayList<Integer>(count);
    for (int i = 0; i < count; i++) {
      int at = in.position();
      byte kind = in.get();
      int source = in.getShort();
      if (source < Operator.INPUT || source >= i) {
        throw new NetworkRefusal(at + 1, "a source comes before its use");
      }
      int width = source == Operator.INPUT ? inputColumns : columns.get(source);
      operators.add(
          switch (kind) {
            case 1 -> {
              int out = in.getInt();
              if (out < 1 || out > Network.INNER_MAX) {
                throw new NetworkRefusal(at + 3, "a product's columns are 1 to 65536");
              }
              byte[] weights = new byte[room(in, (long) width * out)];
              in.get(weights);
              yield new Operator.Product(source, out, weights);
            }
            case 2 -> {
              int[] values = new int[room(in, 4L * width) / Integer.BYTES];
              in.asIntBuffer().get(values);
              in.position(in.position() + 4 * values.length);
              yield new Operator.Bias(source, values);
            }
            case 3 -> new Operator.Requantise(source, in.get());
            case 4 -> new Operator.Relu(source);
            case 5 -> new Operator.Sum(source, in.getShort());
            case 6 -> new Operator.ArgMax(source);
            default -> throw new NetworkRefusal(at, "there is no operator of kind " + kind);
          });
      columns.add(
          switch (operators.getLast()) {
            case Operator.Product product -> product.columns();
            case Operator.ArgMax _ -> 1;
            default -> width;
          });
    }
    if (in.hasRemaining()) {
      throw new NetworkRefusal(in.position(), in.remaining() + " bytes follow the last operator");
    }
    return new Network(inputColumns, operators);
  }

  private static int room(ByteBuffer in, long bytes) {
    if (bytes < 0 || bytes > in.remaining()) {
      throw new NetworkRefusal(
          in.position(),
          "an operator promises %d bytes and has %d".formatted(bytes, in.remaining()));
    }
    return (int) bytes;
  }

  /** Writes a network. */
  public static byte[] write(Network network) {
    long bytes = 11;
    for (Operator operator : network.operators()) {
      bytes += 3 + body(operator);
    }
    var out = ByteBuffer.allocate(Math.toIntExact(bytes));
    out.putInt(MAGIC).put(VERSION).putInt(network.inputColumns());
    out.putShort((short) network.operators().size());
    for (Operator operator : network.operators()) {
      out.put(kind(operator)).putShort((short) operator.source());
      switch (operator) {
        case Operator.Product(_, int columns, byte[] weights) -> out.putInt(columns).put(weights);
        case Operator.Bias(_, int[] values) -> {
          for (int value : values) {
            out.putInt(value);
          }
        }
        case Operator.Requantise(_, int shift) -> out.put((byte) shift);
        case Operator.Sum(_, int other) -> out.putShort((short) other);
        case Operator.Relu _, Operator.ArgMax _ -> {}
      }
    }
    return out.array();
  }

  static byte kind(Operator operator) {
    return switch (operator) {
      case Operator.Product _ -> 1;
      case Operator.Bias _ -> 2;
      case Operator.Requantise _ -> 3;
      case Operator.Relu _ -> 4;
      case Operator.Sum _ -> 5;
      case Operator.ArgMax _ -> 6;
    };
  }

  private static long body(Operator operator) {
    return switch (operator) {
      case Operator.Product(_, _, byte[] weights) -> 4L + weights.length;
      case Operator.Bias(_, int[] values) -> 4L * values.length;
      case Operator.Requantise _ -> 1;
      case Operator.Sum _ -> 2;
      case Operator.Relu _, Operator.ArgMax _ -> 0;
    };
  }
}

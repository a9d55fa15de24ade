package xyz.openledger.verification.matmul;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.Digest;

/**
 * What a task of a network puts out: the result, the root of its {@link TraceTree}, and, where the
 * task asked for the trace, every product.
 *
 * <pre>
 *   result = "OLMR" version(1 byte: 1) shown(1 byte: 0, 1, 2) rows(int32) columns(int32) width(1 byte: 1, 4)
 *            trace root(32 bytes)  elements, big-endian  [ the int32 of each product, in order
 *            [ the proof of each product, in order ] ]
 * </pre>
 *
 * @param root of the trace
 * @param products what each product put out; empty without a trace
 * @param proofs of the products; empty without proofs
 */
public record ResultBytes(
    Digest root, Tensor result, List<Tensor.Int32> products, List<byte[]> proofs) {
  /** What comes before the elements. */
  public static final int HEADER_BYTES = 4 + 1 + 1 + 4 + 4 + 1 + Digest.BYTES;

  private static final int MAGIC = 0x4f4c4d52;
  private static final byte VERSION = 1;

  /** Keeps copies of the lists. */
  public ResultBytes {
    products = List.copyOf(products);
    proofs = List.copyOf(proofs);
  }

  /** A result without proofs. */
  public ResultBytes(Digest root, Tensor result, List<Tensor.Int32> products) {
    this(root, result, products, List.of());
  }

  /** The output of a run. */
  public static byte[] write(
      Network network, Tensor.Int8 input, List<Tensor> outputs, boolean trace) {
    var products = new ArrayList<Tensor.Int32>();
    for (int i = 0; trace && i < outputs.size(); i++) {
      if (network.operators().get(i) instanceof Operator.Product) {
        products.add((Tensor.Int32) outputs.get(i));
      }
    }
    Digest root = TraceTree.of(network, input, outputs).root();
    return new ResultBytes(root, outputs.getLast(), products).write(trace);
  }

  /** These as bytes, with or without the products. */
  public byte[] write(boolean traced) {
    return write(traced ? Shows.TRACE : Shows.RESULT);
  }

  /** These as bytes. */
  public byte[] write(Shows shows) {
    long bytes = HEADER_BYTES + (long) result.size() * result.elementBytes();
    for (Tensor.Int32 product : products) {
      bytes += (long) product.size() * Integer.BYTES;
    }
    for (byte[] proof : proofs) {
      bytes += proof.length;
    }
    var out = ByteBuffer.allocate(Math.toIntExact(bytes));
    out.putInt(MAGIC).put(VERSION).put(shows.code());
    out.putInt(result.rows()).putInt(result.columns()).put((byte) result.elementBytes());
    out.put(root.bytes());
    result.put(out, 0, result.size());
    products.forEach(product -> product.put(out, 0, product.size()));
    proofs.forEach(out::put);
    return out.array();
  }

  /**
   * Reads what a task of this network put out for {@code rows} rows; its length must be exactly
   * what that asks for, so that nothing is allocated on the word of the bytes.
   *
   * @throws NetworkRefusal for anything else
   */
  public static ResultBytes read(Network network, int rows, byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    try {
      return read(network, rows, in);
    } catch (BufferUnderflowException e) {
      throw new NetworkRefusal(in.position(), "the bytes end inside a result");
    }
  }

  private static ResultBytes read(Network network, int rows, ByteBuffer in) {
    if (in.getInt() != MAGIC || in.get() != VERSION) {
      throw new NetworkRefusal(0, "a result begins with OLMR and version 1");
    }
    Shows shown = Shows.of(in.get());
    List<Network.Shape> shapes = network.shapes();
    Network.Shape last = shapes.getLast();
    int width = last.int8() ? Byte.BYTES : Integer.BYTES;
    if (shown == null
        || in.getInt() != rows
        || in.getInt() != last.columns()
        || in.get() != width) {
      throw new NetworkRefusal(5, "the result has another shape than the network's");
    }
    byte[] root = new byte[Digest.BYTES];
    in.get(root);
    Cost cost = Cost.of(network, rows);
    long expected = cost.outputBytes(shown);
    if (expected != in.capacity()) {
      throw new NetworkRefusal(
          in.position(), "the result has %d bytes, not %d".formatted(in.capacity(), expected));
    }
    Tensor result = tensor(in, rows, last);
    var products = new ArrayList<Tensor.Int32>();
    for (int i = 0; shown != Shows.RESULT && i < shapes.size(); i++) {
      if (network.operators().get(i) instanceof Operator.Product) {
        products.add((Tensor.Int32) tensor(in, rows, shapes.get(i)));
      }
    }
    var proofs = new ArrayList<byte[]>();
    for (int i = 0; shown == Shows.PROOF && i < shapes.size(); i++) {
      if (network.operators().get(i) instanceof Operator.Product product) {
        byte[] proof = new byte[Cost.proofBytes(product)];
        in.get(proof);
        proofs.add(proof);
      }
    }
    return new ResultBytes(Digest.wrap(root), result, products, proofs);
  }

  private static Tensor tensor(ByteBuffer in, int rows, Network.Shape shape) {
    int size = rows * shape.columns();
    if (shape.int8()) {
      byte[] elements = new byte[size];
      in.get(elements);
      return new Tensor.Int8(rows, shape.columns(), elements);
    }
    int[] elements = new int[size];
    in.asIntBuffer().get(elements);
    in.position(in.position() + size * Integer.BYTES);
    return new Tensor.Int32(rows, shape.columns(), elements);
  }
}

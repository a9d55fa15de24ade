package xyz.openledger.verification.matmul;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A matrix of whole numbers, row by row. Not copied, and not to be changed. */
public sealed interface Tensor {
  /** Elements of one tile: what one leaf of a tensor's tree holds. */
  int TILE = 64;

  /** How many rows. */
  int rows();

  /** How many columns. */
  int columns();

  /** The element at a place, counted row by row. */
  int at(int place);

  /** Bytes of one element. */
  int elementBytes();

  /** How many elements. */
  default int size() {
    return rows() * columns();
  }

  /** How many tiles; the last may be short. */
  default int tiles() {
    return (size() + TILE - 1) / TILE;
  }

  /** The bytes of one tile. */
  default byte[] tile(int index) {
    int from = index * TILE;
    int to = Math.min(size(), from + TILE);
    var bytes = ByteBuffer.allocate((to - from) * elementBytes());
    put(bytes, from, to);
    return bytes.array();
  }

  /** Writes elements, big-endian. */
  void put(ByteBuffer out, int from, int to);

  /** Elements of a byte each. */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  record Int8(int rows, int columns, byte[] elements) implements Tensor {
    @Override
    public int at(int place) {
      return elements[place];
    }

    @Override
    public int elementBytes() {
      return Byte.BYTES;
    }

    @Override
    public void put(ByteBuffer out, int from, int to) {
      out.put(elements, from, to - from);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Int8 that
          && rows == that.rows
          && columns == that.columns
          && Arrays.equals(elements, that.elements);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(elements);
    }

    @Override
    public String toString() {
      return "int8[%d×%d]".formatted(rows, columns);
    }
  }

  /** Elements of four bytes each. */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  record Int32(int rows, int columns, int[] elements) implements Tensor {
    @Override
    public int at(int place) {
      return elements[place];
    }

    @Override
    public int elementBytes() {
      return Integer.BYTES;
    }

    @Override
    public void put(ByteBuffer out, int from, int to) {
      out.asIntBuffer().put(elements, from, to - from);
      out.position(out.position() + (to - from) * Integer.BYTES);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Int32 that
          && rows == that.rows
          && columns == that.columns
          && Arrays.equals(elements, that.elements);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(elements);
    }

    @Override
    public String toString() {
      return "int32[%d×%d]".formatted(rows, columns);
    }
  }
}

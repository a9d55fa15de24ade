package xyz.openledger.actors.wire;

/**
 * How values of one type are written and read.
 *
 * @param <T> the type; primitive ones are boxed
 */
interface Codec<T> {
  /**
   * Writes one value.
   *
   * @throws WireFormatException when it cannot be written, for example an absent required field
   */
  void write(CborWriter out, T value);

  /**
   * Reads one value.
   *
   * @throws WireFormatException when the bytes are not one
   */
  T read(CborReader in);
}

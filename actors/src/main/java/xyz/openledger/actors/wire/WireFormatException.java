package xyz.openledger.actors.wire;

/**
 * Bytes that cannot be read, or an object that cannot be written; the message says where and why.
 */
public final class WireFormatException extends IllegalArgumentException {
  WireFormatException(String message) {
    super(message);
  }

  WireFormatException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The same, one level further out: {@code spec: tasks: …}. */
  WireFormatException within(String place) {
    return new WireFormatException(
        place + ": " + getMessage(), getCause() == null ? this : getCause());
  }
}

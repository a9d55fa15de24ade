package xyz.openledger.protocol.tensors;

/** The types of numbers that travel, by their names in safetensors; all are little-endian. */
public enum NumberType {
  /** IEEE 754, single. */
  F32(4),
  /** IEEE 754, double. */
  F64(8),
  /** Signed. */
  I8(1),
  /** From 0 to 255. */
  U8(1),
  /** Signed. */
  I32(4),
  /** Signed. */
  I64(8),
  /** A byte each: 0 or 1. */
  BOOL(1);

  private final int bytes;

  NumberType(int bytes) {
    this.bytes = bytes;
  }

  /** How long one is. */
  public int bytes() {
    return bytes;
  }
}

package xyz.openledger.models.files;

/** How the numbers of a tensor are written. All are little-endian. */
public enum TensorType {
  /** 32 bits, IEEE 754. */
  F32(4),
  /** 16 bits, IEEE 754. */
  F16(2),
  /** The upper half of an F32. */
  BF16(2),
  /** 64 bits, IEEE 754. */
  F64(8),
  /** Whole numbers, signed and not, and truth values: carried beside weights, never weights. */
  I8(1),
  I16(2),
  I32(4),
  I64(8),
  U8(1),
  U16(2),
  U32(4),
  U64(8),
  BOOL(1);

  private final int bytes;

  TensorType(int bytes) {
    this.bytes = bytes;
  }

  /** How many bytes a number takes. */
  public int bytes() {
    return bytes;
  }

  /** Whether a decoder can compute with it: it widens to fp32 without loss. */
  public boolean servable() {
    return this == F32 || this == F16 || this == BF16;
  }
}

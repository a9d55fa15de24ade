package xyz.openledger.models.onnx;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The types of numbers that tensors may have here. */
public enum OnnxType {
  /** 32 bits. */
  FLOAT(1, 4),
  /** 8 bits, from 0. */
  UINT8(2, 1),
  /** 8 bits. */
  INT8(3, 1),
  /** 32 bits. */
  INT32(6, 4),
  /** 64 bits. */
  INT64(7, 8),
  /** A byte each. */
  BOOL(9, 1),
  /** 64 bits. */
  DOUBLE(11, 8);

  private final int code;
  private final int bytes;

  OnnxType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The type with a number of the format; empty for one that is not taken here. */
  static Optional<OnnxType> of(long code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findAny();
  }

  /** How long one is. */
  public int bytes() {
    return bytes;
  }

  /** As in {@code float}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

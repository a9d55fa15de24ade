package xyz.openledger.nodes.worker;

import java.io.Serial;

/** A module that must not run, here and everywhere. */
final class ModuleRefused extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String reason;
  private final int byteOffset;
  private final String sentence;

  /** A refusal; {@code reason} is a code such as {@code unsupported-feature}. */
  ModuleRefused(String reason, int byteOffset, String sentence) {
    super(sentence);
    this.reason = reason;
    this.byteOffset = byteOffset;
    this.sentence = sentence;
  }

  String reason() {
    return reason;
  }

  int byteOffset() {
    return byteOffset;
  }

  String sentence() {
    return sentence;
  }
}

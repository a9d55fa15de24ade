package xyz.openledger.nativekernels.strict;

/** What calls into C have in common. */
final class Native {
  private Native() {}

  static void checked(int status) {
    if (status != 0) {
      throw new IllegalArgumentException("not a question: see ol_strict.h");
    }
  }

  /** C throws nothing, so this came from the binding or from a check. */
  static RuntimeException failed(Throwable thrown) {
    if (thrown instanceof RuntimeException exception) {
      return exception;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(thrown);
  }

  static int code(WeightType type) {
    return type == WeightType.F32 ? 0 : 1;
  }

  static int code(RotaryLayout layout) {
    return layout == RotaryLayout.HALVES ? 0 : 1;
  }

  static int code(StrictRows.Function function) {
    return switch (function) {
      case EXP -> 0;
      case LOG -> 1;
      case TANH -> 2;
      case SIGMOID -> 3;
      case SILU -> 4;
      case SINE -> 5;
      case COSINE -> 6;
    };
  }

  static int code(NativeVariant variant) {
    return switch (variant) {
      case PORTABLE -> 0;
      case AVX2 -> 1;
      case AVX512 -> 2;
      case NEON -> 3;
    };
  }
}

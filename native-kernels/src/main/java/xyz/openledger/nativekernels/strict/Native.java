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
}

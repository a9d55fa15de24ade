package xyz.openledger.pools;

/** Answers whether a node may run a task at all. Pure: the same question has the same answer. */
interface Filter {
  /** What it is about. */
  Clause clause();

  /** Of the policy, where the clause alone does not say which condition it is. */
  default String words() {
    return "";
  }

  /** Of the job, where neither the clause nor the policy's words say what it asks. */
  default String words(Request request) {
    return words();
  }

  /** Whether {@code node} may run what {@code request} asks. */
  Verdict test(Request request, Node node);

  /** What a filter answers. */
  sealed interface Verdict {
    /** It may. */
    record Feasible() implements Verdict {}

    /** The answer may change, so the task waits: a busy node frees up. */
    record NotYet(Reason reason) implements Verdict {}

    /** The answer stays no, so the task looks elsewhere: a region does not move. */
    record Never(Reason reason) implements Verdict {}
  }

  /**
   * A reason, put into words only when somebody asks: matching rejects hundreds of nodes a time.
   */
  record Reason(String form, Object actual, Object allowed) {
    /** The words. */
    String text() {
      return form.formatted(actual, allowed);
    }
  }
}

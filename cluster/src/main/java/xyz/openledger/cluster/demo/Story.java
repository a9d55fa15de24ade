package xyz.openledger.cluster.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What the demo says while it runs, and the checks that decide whether it ended well. */
final class Story {
  private final PrintStream out;
  private final long startedNanos = System.nanoTime();
  private final List<Check> checks = new ArrayList<>();

  /** One thing that had to be so. */
  record Check(String name, boolean held, String detail) {}

  Story(PrintStream out) {
    this.out = out;
  }

  void chapter(String title) {
    out.printf("%n%6.1f s  %s%n", seconds(), title);
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more library
  void line(String form, Object... values) {
    out.println("          " + form.formatted(values));
  }

  /** Notes a check; a failed one ends nothing, but the demo then ends with an error. */
  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more library
  void check(String name, boolean held, String form, Object... values) {
    String detail = form.formatted(values);
    checks.add(new Check(name, held, detail));
    out.println("        " + (held ? "✓ " : "✗ ") + detail);
  }

  List<Check> checks() {
    return List.copyOf(checks);
  }

  boolean held() {
    return checks.stream().allMatch(Check::held);
  }

  double seconds() {
    return (System.nanoTime() - startedNanos) / 1e9;
  }
}

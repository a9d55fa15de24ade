package xyz.openledger.nodes.session;

import java.util.TreeSet;

/**
 * Which fences were seen. Leases of different jobs overtake one another between the pool that
 * numbers them and the node, so a fence may come after a higher one; none is taken twice.
 *
 * <pre>
 *   ──── refused ────┤ floor ├──── the last {@value #REMEMBERED} seen ────▶ highest
 *                             each once, in any order
 * </pre>
 */
final class FenceWindow {
  static final int REMEMBERED = 4_096;

  private final TreeSet<Long> seen = new TreeSet<>();
  private long floor;

  /**
   * A window that has seen nothing.
   *
   * @param floor it and what is below it is refused
   */
  FenceWindow(long floor) {
    this.floor = floor;
  }

  /** Whether the fence is new; from now on it is not. */
  boolean take(long fence) {
    if (fence <= floor || !seen.add(fence)) {
      return false;
    }
    if (seen.size() > REMEMBERED) {
      floor = seen.removeFirst();
    }
    return true;
  }

  /** At and below this, nothing is new. */
  long floor() {
    return floor;
  }

  /** The highest that was seen, in this life or before it. */
  long highest() {
    return seen.isEmpty() ? floor : seen.last();
  }
}

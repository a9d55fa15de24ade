package xyz.openledger.models.tokens;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Sees, character by character, where one of many texts ends (Aho and Corasick, "Efficient string
 * matching", CACM 18(6), 1975). State 0 is the begin; a step takes time that does not grow with
 * their number.
 */
final class MarkAutomaton {
  /** Bits of a code point. */
  private static final int POINT_BITS = 21;

  private final Map<Long, Integer> children = new HashMap<>();
  private final int[] fallbacks;
  private final BitSet ends = new BitSet();

  MarkAutomaton(List<String> marks) {
    var parents = new ArrayList<>(List.of(0));
    var points = new ArrayList<>(List.of(0));
    var depths = new ArrayList<>(List.of(0));
    for (String mark : marks) {
      int state = 0;
      for (int point : mark.codePoints().toArray()) {
        int from = state;
        state =
            children.computeIfAbsent(
                key(from, point),
                _ -> {
                  parents.add(from);
                  points.add(point);
                  depths.add(depths.get(from) + 1);
                  return parents.size() - 1;
                });
      }
      ends.set(state);
    }
    fallbacks = new int[parents.size()];
    // Shorter ones first: where a state falls back to is shorter than itself.
    IntStream.range(1, fallbacks.length)
        .boxed()
        .sorted(Comparator.comparing(depths::get))
        .forEach(state -> fallBack(state, parents.get(state), points.get(state)));
  }

  private void fallBack(int state, int parent, int point) {
    fallbacks[state] = parent == 0 ? 0 : next(fallbacks[parent], point);
    ends.set(state, ends.get(state) || ends.get(fallbacks[state]));
  }

  /** The state after one more code point. */
  int next(int state, int point) {
    for (int from = state; ; from = fallbacks[from]) {
      Integer child = children.get(key(from, point));
      if (child != null) {
        return child;
      }
      if (from == 0) {
        return 0;
      }
    }
  }

  /** Whether one of the texts ends here. */
  boolean ends(int state) {
    return ends.get(state);
  }

  private static long key(int state, int point) {
    return (long) state << POINT_BITS | point;
  }
}

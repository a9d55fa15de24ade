package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The gradients of one sequence's norms, which are added to the others' in order of sequences. */
final class NormGradients {
  private final Map<String, MemorySegment> sums = new LinkedHashMap<>();

  NormGradients(Layout model, Arena arena) {
    for (Layout.Parameter parameter : model.parameters()) {
      if (parameter.isVector()) {
        sums.put(parameter.name(), arena.allocate(JAVA_FLOAT, parameter.count()));
      }
    }
  }

  MemorySegment of(String name) {
    return Objects.requireNonNull(sums.get(name), name);
  }

  Iterable<Map.Entry<String, MemorySegment>> all() {
    return sums.entrySet();
  }

  void clear() {
    sums.values().forEach(sum -> sum.fill((byte) 0));
  }
}

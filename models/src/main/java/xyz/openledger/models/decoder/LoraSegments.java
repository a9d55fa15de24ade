package xyz.openledger.models.decoder;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nativekernels.strict.WeightType;

/** Which rows of a step belong to which adapter. */
final class LoraSegments {
  private final MemorySegment starts;
  private final MemorySegment ranks;
  private final MemorySegment scales;
  private final MemorySegment offsetsA;
  private final MemorySegment offsetsB;
  private final List<@Nullable LoadedAdapter> adapters = new ArrayList<>();

  LoraSegments(int rowsMax, Arena arena) {
    this.starts = arena.allocate((rowsMax + 1L) * Integer.BYTES, 8);
    this.ranks = arena.allocate((long) rowsMax * Integer.BYTES, 8);
    this.scales = arena.allocate((long) rowsMax * Float.BYTES, 8);
    this.offsetsA = arena.allocate((long) rowsMax * Long.BYTES, 8);
    this.offsetsB = arena.allocate((long) rowsMax * Long.BYTES, 8);
  }

  /** Takes rows of which those of one adapter stand side by side. */
  void begin(List<Rows> ordered) {
    adapters.clear();
    int row = 0;
    for (Rows rows : ordered) {
      if (adapters.isEmpty() || !Objects.equals(adapters.getLast(), rows.adapter())) {
        starts.setAtIndex(JAVA_INT, adapters.size(), row);
        adapters.add(rows.adapter());
      }
      row += rows.tokens().length;
    }
    starts.setAtIndex(JAVA_INT, adapters.size(), row);
  }

  /** Adds what each row's adapter says; kernels take weights of one type at a time. */
  void add(
      StrictKernels kernels,
      MemorySegment slab,
      int layer,
      Projection projection,
      Matrix matrix,
      MemorySegment x,
      MemorySegment y) {
    for (WeightType type : WeightType.values()) {
      if (select(layer, projection, type)) {
        kernels.lora(
            adapters.size(),
            starts,
            ranks,
            scales,
            offsetsA,
            offsetsB,
            type,
            slab,
            matrix.inputs(),
            matrix.outputs(),
            x,
            matrix.inputs(),
            y,
            matrix.outputs());
      }
    }
  }

  /** Gives all other adapters rank 0; whether any is left. */
  private boolean select(int layer, Projection projection, WeightType type) {
    boolean any = false;
    int index = layer * Projection.COUNT + projection.place();
    for (int i = 0; i < adapters.size(); i++) {
      LoadedAdapter adapter = adapters.get(i);
      boolean changes =
          adapter != null && adapter.type() == type && adapter.changes(layer, projection);
      any |= changes;
      ranks.setAtIndex(JAVA_INT, i, changes ? adapter.rank() : 0);
      scales.setAtIndex(JAVA_FLOAT, i, changes ? adapter.scale() : 0);
      offsetsA.setAtIndex(JAVA_LONG, i, changes ? adapter.offsetsA()[index] : 0);
      offsetsB.setAtIndex(JAVA_LONG, i, changes ? adapter.offsetsB()[index] : 0);
    }
    return any;
  }
}

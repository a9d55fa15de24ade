package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Weights to begin with, drawn from a seed; no function of any library is in them but the root. */
public final class Initial {
  private static final double DEVIATION = 0.02;

  private Initial() {}

  /**
   * Of a model: norms are 1, biases 0, matrices evenly spread around 0; what joins the stream is
   * smaller.
   */
  public static Parameters model(Layout layout, int layers, long seed, Arena arena) {
    Parameters drawn = Parameters.zeros(layout, arena);
    var random = new Seeded(seed);
    for (Layout.Parameter parameter : layout.parameters()) {
      boolean joins =
          parameter.name().endsWith("o_proj.weight")
              || parameter.name().endsWith("down_proj.weight");
      double reach = DEVIATION * Math.sqrt(3) / (joins ? Math.sqrt(2.0 * layers) : 1);
      draw(drawn.of(parameter), random, parameter.isVector() ? 0 : (float) reach);
      if (parameter.isVector() && !parameter.name().endsWith(".bias")) {
        fill(drawn.of(parameter), 1);
      }
    }
    return drawn;
  }

  /** Of an adapter: A evenly spread, B zero, so that it adds nothing yet. */
  public static Parameters adapter(Layout layout, long seed, Arena arena) {
    Parameters drawn = Parameters.zeros(layout, arena);
    var random = new Seeded(seed);
    for (Layout.Parameter parameter : layout.parameters()) {
      if (parameter.name().endsWith(".lora_A.weight")) {
        int inputs = parameter.shape().getLast();
        draw(drawn.of(parameter), random, (float) (1 / Math.sqrt(inputs)));
      }
    }
    return drawn;
  }

  private static void draw(MemorySegment memory, Seeded random, float reach) {
    for (long i = 0; i < memory.byteSize() / Float.BYTES; i++) {
      memory.setAtIndex(JAVA_FLOAT, i, random.signed() * reach);
    }
  }

  private static void fill(MemorySegment memory, float value) {
    for (long i = 0; i < memory.byteSize() / Float.BYTES; i++) {
      memory.setAtIndex(JAVA_FLOAT, i, value);
    }
  }
}

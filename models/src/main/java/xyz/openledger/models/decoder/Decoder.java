package xyz.openledger.models.decoder;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.nativekernels.strict.RotaryLayout;
import xyz.openledger.nativekernels.strict.StrictKernels;

/**
 * The forward pass, for rows of any sequences at once.
 *
 * <p>A row's bits depend on its tokens, its adapter and the weights: not on who else is in the
 * batch, how a prompt is cut into steps, or how many lanes there are. Every kernel used keeps this,
 * and nothing here adds numbers of its own. One thread at a time.
 */
public final class Decoder implements AutoCloseable {
  /** Below this many multiplications a second lane costs more than it brings. */
  private static final long LANE_WORK_MIN = 1 << 19;

  /** Kernels take panels two at a time; one alone is slow. */
  private static final int PAIR_OF_PANELS = 2 * StrictKernels.PANEL;

  private final Weights weights;
  private final ModelConfig config;
  private final StrictKernels kernels;
  private final KvCache cache;
  private final MemorySegment slab;
  private final int rowsMax;
  private final Lanes lanes;
  private final Scratch scratch;
  private final LoraSegments segments;

  /**
   * A decoder.
   *
   * @param slab what loaded adapters lie in; may be empty
   * @param rowsMax tokens of one step
   * @param lanes how many threads compute
   * @param arena what its buffers live in
   */
  public Decoder(
      Weights weights,
      StrictKernels kernels,
      KvCache cache,
      MemorySegment slab,
      int rowsMax,
      int lanes,
      Arena arena) {
    this.weights = weights;
    this.config = weights.config();
    this.kernels = kernels;
    this.cache = cache;
    this.slab = slab;
    this.rowsMax = rowsMax;
    this.lanes = new Lanes(lanes);
    this.scratch = new Scratch(config, rowsMax, arena);
    this.segments = new LoraSegments(rowsMax, arena);
  }

  /** Whose weights these are. */
  public Weights weights() {
    return weights;
  }

  /** How many tokens one step takes. */
  public int rowsMax() {
    return rowsMax;
  }

  /** As {@link #step(List, ActivationSink)}, with nobody looking on. */
  public MemorySegment step(List<Rows> batch) {
    return step(batch, null);
  }

  /**
   * Computes rows, keeps their keys and values, and answers {@code [wanted×vocabulary]} logits, in
   * the order in which the batch asks for them; they are overwritten by the next step.
   */
  public MemorySegment step(List<Rows> batch, @Nullable ActivationSink sink) {
    List<Rows> ordered = new ArrayList<>(batch);
    // Rows of one adapter side by side: its weights are read once.
    ordered.sort(Comparator.comparingInt(rows -> segmentKey(batch, rows)));
    int rows = scratch.begin(ordered, weights, kernels);
    segments.begin(ordered);
    for (int layer = 0; layer < config.layers(); layer++) {
      attention(layer, rows);
      feedForward(layer, rows);
      if (sink != null) {
        sink.after(layer, rows, scratch.hidden);
      }
    }
    return head(batch, ordered, sink);
  }

  private static int segmentKey(List<Rows> batch, Rows rows) {
    for (int i = 0; i < batch.size(); i++) {
      if (Objects.equals(batch.get(i).adapter(), rows.adapter())) {
        return i;
      }
    }
    throw new IllegalStateException("rows are of their batch");
  }

  private void attention(int layer, int rows) {
    Layer weight = weights.layers().get(layer);
    int hidden = config.hiddenSize();
    float epsilon = (float) config.normEpsilon();
    kernels.rmsNorm(
        rows,
        hidden,
        scratch.hidden,
        hidden,
        weight.attentionNorm(),
        epsilon,
        scratch.normed,
        hidden);
    project(layer, Projection.QUERY, rows, scratch.normed, scratch.query);
    project(layer, Projection.KEY, rows, scratch.normed, scratch.key);
    project(layer, Projection.VALUE, rows, scratch.normed, scratch.value);
    normHeads(weight.queryNorm(), rows * config.heads(), scratch.query);
    normHeads(weight.keyNorm(), rows * config.keyValueHeads(), scratch.key);
    rotate(rows, config.heads(), scratch.query);
    rotate(rows, config.keyValueHeads(), scratch.key);
    for (int row = 0; row < rows; row++) {
      int position = scratch.positions.getAtIndex(JAVA_INT, row);
      int page =
          scratch.tables.getAtIndex(
              JAVA_INT, row * scratch.tableStride + position / KvCache.PAGE_TOKENS);
      cache.store(layer, page, position % KvCache.PAGE_TOKENS, scratch.key, scratch.value, row);
    }
    attend(layer, rows);
    project(layer, Projection.OUTPUT, rows, scratch.attended, scratch.normed);
    kernels.add((long) rows * hidden, scratch.normed, scratch.hidden);
  }

  private void attend(int layer, int rows) {
    int width = config.queryWidth();
    int parts = rows >= 2 * lanes.count() ? lanes.count() : 1;
    var pages = cache.layer(layer);
    lanes.forEach(
        parts,
        part -> {
          int from = rows * part / parts;
          int count = rows * (part + 1) / parts - from;
          kernels.attention(
              count,
              config.heads(),
              config.keyValueHeads(),
              config.headSize(),
              (float) (1 / Math.sqrt(config.headSize())),
              scratch.query.asSlice((long) from * width * Float.BYTES),
              width,
              pages,
              scratch.tables.asSlice(from * scratch.tableStride * Integer.BYTES),
              scratch.tableStride,
              scratch.starts.asSlice((long) from * Integer.BYTES),
              scratch.ends.asSlice((long) from * Integer.BYTES),
              scratch.attended.asSlice((long) from * width * Float.BYTES),
              width);
        });
  }

  private void feedForward(int layer, int rows) {
    Layer weight = weights.layers().get(layer);
    int hidden = config.hiddenSize();
    int inner = config.intermediateSize();
    kernels.rmsNorm(
        rows,
        hidden,
        scratch.hidden,
        hidden,
        weight.feedForwardNorm(),
        (float) config.normEpsilon(),
        scratch.normed,
        hidden);
    project(layer, Projection.GATE, rows, scratch.normed, scratch.gate);
    project(layer, Projection.UP, rows, scratch.normed, scratch.up);
    kernels.swiGlu(rows, inner, scratch.gate, inner, scratch.up, inner, scratch.gate, inner);
    project(layer, Projection.DOWN, rows, scratch.gate, scratch.normed);
    kernels.add((long) rows * hidden, scratch.normed, scratch.hidden);
  }

  /** A matrix, its bias, and what each row's adapter adds. */
  private void project(
      int layer, Projection projection, int rows, MemorySegment x, MemorySegment y) {
    Layer weight = weights.layers().get(layer);
    Matrix matrix = weight.matrix(projection);
    multiply(matrix, rows, x, y);
    if (projection.place() < weight.biases().size()) {
      MemorySegment bias = weight.biases().get(projection.place());
      for (int row = 0; row < rows; row++) {
        kernels.add(matrix.outputs(), bias, y.asSlice((long) row * matrix.outputs() * Float.BYTES));
      }
    }
    segments.add(kernels, slab, layer, projection, matrix, x, y);
  }

  private void multiply(Matrix matrix, int rows, MemorySegment x, MemorySegment y) {
    int outputs = matrix.outputs();
    int pairs = (outputs + PAIR_OF_PANELS - 1) / PAIR_OF_PANELS;
    boolean small = (long) rows * outputs * matrix.inputs() < LANE_WORK_MIN;
    int parts = small ? 1 : Math.min(lanes.count(), pairs);
    lanes.forEach(
        parts,
        part -> {
          int from = pairs * part / parts * PAIR_OF_PANELS;
          int to = Math.min(outputs, pairs * (part + 1) / parts * PAIR_OF_PANELS);
          long weightsBefore = (long) from * matrix.inputs() * matrix.type().bytes();
          kernels.linearPacked(
              rows,
              to - from,
              matrix.inputs(),
              x,
              matrix.inputs(),
              matrix.type(),
              matrix.packed().asSlice(weightsBefore),
              y.asSlice((long) from * Float.BYTES),
              outputs,
              false);
        });
  }

  private void normHeads(@Nullable MemorySegment norm, int heads, MemorySegment x) {
    if (norm != null) {
      int size = config.headSize();
      kernels.rmsNorm(heads, size, x, size, norm, (float) config.normEpsilon(), x, size);
    }
  }

  private void rotate(int rows, int heads, MemorySegment x) {
    kernels.rotate(
        rows,
        heads,
        config.headSize(),
        config.headSize() / 2,
        RotaryLayout.HALVES,
        false,
        x,
        (long) heads * config.headSize(),
        scratch.cosines,
        scratch.sines);
  }

  private MemorySegment head(List<Rows> batch, List<Rows> ordered, @Nullable ActivationSink sink) {
    int hidden = config.hiddenSize();
    long rowBytes = (long) hidden * Float.BYTES;
    int wanted = 0;
    for (Rows rows : batch) {
      if (rows.logits()) {
        long last = lastRow(ordered, rows);
        MemorySegment.copy(
            scratch.hidden, last * rowBytes, scratch.normed, wanted * rowBytes, rowBytes);
        wanted++;
      }
    }
    if (wanted == 0) {
      return scratch.logits.asSlice(0, 0);
    }
    kernels.rmsNorm(
        wanted,
        hidden,
        scratch.normed,
        hidden,
        weights.finalNorm(),
        (float) config.normEpsilon(),
        scratch.last,
        hidden);
    if (sink != null) {
      sink.after(config.layers(), wanted, scratch.last);
    }
    MemorySegment logits =
        scratch.logits.asSlice(0, (long) wanted * config.vocabularySize() * Float.BYTES);
    multiply(weights.head(), wanted, scratch.last, logits);
    return logits;
  }

  private static long lastRow(List<Rows> ordered, Rows wanted) {
    long row = -1;
    for (Rows rows : ordered) {
      row += rows.tokens().length;
      if (rows.equals(wanted)) {
        return row;
      }
    }
    throw new IllegalStateException("rows are of their batch");
  }

  /** One row of what {@link #step(List)} answered. */
  public MemorySegment logits(MemorySegment all, int index) {
    long bytes = (long) config.vocabularySize() * Float.BYTES;
    return all.asSlice(index * bytes, bytes);
  }

  @Override
  public void close() {
    lanes.close();
  }

  /** For readers of single numbers. */
  static float at(MemorySegment floats, long index) {
    return floats.getAtIndex(JAVA_FLOAT, index);
  }
}

package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.nativekernels.strict.StrictAttention;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nativekernels.strict.WeightType;

/**
 * One sequence forward and backward, at rows of its own: sequences may go in any order or at once.
 *
 * <pre>
 *   x ─ norm ─ q k v ─ turn ─ attention ─ o ─(+x)─ middle ─ norm ─ gate up ─ swiglu ─ down ─(+middle)─ x
 * </pre>
 */
final class Passes {
  private final StrictKernels kernels;
  private final Weights weights;
  private final ModelConfig config;
  private final Activations kept;
  private final Rotation rotation;
  private final float epsilon;
  private final MemorySegment starts;
  private final MemorySegment ends;
  private final MemorySegment onePage;

  Passes(StrictKernels kernels, Weights weights, Activations kept, int positionsMax, Arena arena) {
    this.kernels = kernels;
    this.weights = weights;
    this.config = weights.config();
    this.kept = kept;
    rotation = new Rotation(kernels, config, positionsMax, arena);
    epsilon = (float) config.normEpsilon();
    starts = arena.allocate(JAVA_INT, positionsMax);
    ends = arena.allocate(JAVA_INT, positionsMax);
    onePage = arena.allocate(JAVA_INT, 1);
    for (int i = 0; i < positionsMax; i++) {
      starts.setAtIndex(JAVA_INT, i, Math.max(0, i + 1 - window(positionsMax)));
      ends.setAtIndex(JAVA_INT, i, i + 1);
    }
  }

  /** Leaves logits at the rows from {@code row} on. */
  void forward(int[] tokens, long row) {
    embed(tokens, row);
    for (int i = 0; i < config.layers(); i++) {
      Activations.Layer layer = kept.layers.get(i);
      String prefix = "model.layers." + i + ".";
      attend(layer, i, prefix, row, tokens.length);
      Rows next = i + 1 < config.layers() ? kept.layers.get(i + 1).x() : kept.last;
      think(layer, i, prefix, next, row, tokens.length);
    }
    norm(kept.last, "model.norm.weight", kept.normed, row, tokens.length);
    kernels.linear(
        tokens.length,
        config.vocabularySize(),
        config.hiddenSize(),
        kept.normed.from(row),
        config.hiddenSize(),
        WeightType.F32,
        weights.model().of(weights.head()),
        config.hiddenSize(),
        kept.logits.from(row),
        config.vocabularySize(),
        false);
  }

  /** Turns logits into the losses of a sample's targets, and logits into their gradient. */
  void loss(Sample sample, long row, float factor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment targets = arena.allocateFrom(JAVA_INT, sample.targets());
      kernels.crossEntropy(
          sample.targets().length,
          config.vocabularySize(),
          kept.logits.from(row),
          config.vocabularySize(),
          targets,
          factor,
          kept.losses.from(row),
          kept.logits.from(row),
          config.vocabularySize());
    }
  }

  /** Leaves the gradient of every product, and adds those of the norms to {@code norms}. */
  void backward(int tokens, long row, NormGradients norms) {
    int hidden = config.hiddenSize();
    kernels.linearInputGradient(
        tokens,
        config.vocabularySize(),
        hidden,
        kept.logits.from(row),
        config.vocabularySize(),
        WeightType.F32,
        weights.model().of(weights.head()),
        hidden,
        kept.dNormed.from(row),
        hidden,
        false);
    kept.dx.clear(row, tokens);
    normBack(kept.last, "model.norm.weight", row, tokens, norms);
    for (int i = config.layers() - 1; i >= 0; i--) {
      Activations.Layer layer = kept.layers.get(i);
      String prefix = "model.layers." + i + ".";
      thinkBack(layer, i, prefix, row, tokens, norms);
      attendBack(layer, i, prefix, row, tokens, norms);
    }
  }

  private void embed(int[] tokens, long row) {
    MemorySegment table = weights.model().of("model.embed_tokens.weight");
    long bytes = (long) config.hiddenSize() * Float.BYTES;
    MemorySegment x = kept.layers.getFirst().x().from(row);
    for (int i = 0; i < tokens.length; i++) {
      MemorySegment.copy(table, tokens[i] * bytes, x, i * bytes, bytes);
    }
  }

  private void attend(Activations.Layer layer, int index, String prefix, long row, int tokens) {
    norm(layer.x(), prefix + "input_layernorm.weight", layer.of(Projection.QUERY).x(), row, tokens);
    for (Projection projection :
        new Projection[] {Projection.QUERY, Projection.KEY, Projection.VALUE}) {
      product(layer, index, projection, row, tokens);
    }
    normHeads(layer, index, Projection.QUERY, row, tokens);
    normHeads(layer, index, Projection.KEY, row, tokens);
    Rows queries = layer.of(Projection.QUERY).y();
    Rows keys = layer.of(Projection.KEY).y();
    Rows values = layer.of(Projection.VALUE).y();
    rotation.turn(queries, row, tokens, false);
    rotation.turn(keys, row, tokens, false);
    kernels.attention(
        tokens,
        config.heads(),
        config.keyValueHeads(),
        config.headSize(),
        attentionScale(),
        queries.from(row),
        queries.width(),
        new StrictAttention.Pages(
            keys.from(row),
            values.from(row),
            tokens,
            (long) tokens * keys.width(),
            keys.width(),
            config.headSize()),
        onePage,
        0,
        starts,
        ends,
        layer.of(Projection.OUTPUT).x().from(row),
        config.queryWidth());
    product(layer, index, Projection.OUTPUT, row, tokens);
    layer.middle().copy(layer.of(Projection.OUTPUT).y(), row, tokens);
    add(layer.x(), layer.middle(), row, tokens);
  }

  private void think(
      Activations.Layer layer, int index, String prefix, Rows next, long row, int tokens) {
    norm(
        layer.middle(),
        prefix + "post_attention_layernorm.weight",
        layer.of(Projection.GATE).x(),
        row,
        tokens);
    product(layer, index, Projection.GATE, row, tokens);
    product(layer, index, Projection.UP, row, tokens);
    int inner = config.intermediateSize();
    kernels.swiGlu(
        tokens,
        inner,
        layer.of(Projection.GATE).y().from(row),
        inner,
        layer.of(Projection.UP).y().from(row),
        inner,
        layer.of(Projection.DOWN).x().from(row),
        inner);
    product(layer, index, Projection.DOWN, row, tokens);
    next.copy(layer.of(Projection.DOWN).y(), row, tokens);
    add(layer.middle(), next, row, tokens);
  }

  private void thinkBack(
      Activations.Layer layer,
      int index,
      String prefix,
      long row,
      int tokens,
      NormGradients norms) {
    int inner = config.intermediateSize();
    layer.of(Projection.DOWN).dy().copy(kept.dx, row, tokens);
    productBack(layer, index, Projection.DOWN, kept.dInner, row, tokens, false);
    kernels.swiGluGradient(
        tokens,
        inner,
        layer.of(Projection.GATE).y().from(row),
        inner,
        layer.of(Projection.UP).y().from(row),
        inner,
        kept.dInner.from(row),
        inner,
        layer.of(Projection.GATE).dy().from(row),
        inner,
        layer.of(Projection.UP).dy().from(row),
        inner);
    productBack(layer, index, Projection.GATE, kept.dNormed, row, tokens, false);
    productBack(layer, index, Projection.UP, kept.dNormed, row, tokens, true);
    normBack(layer.middle(), prefix + "post_attention_layernorm.weight", row, tokens, norms);
  }

  private void attendBack(
      Activations.Layer layer,
      int index,
      String prefix,
      long row,
      int tokens,
      NormGradients norms) {
    layer.of(Projection.OUTPUT).dy().copy(kept.dx, row, tokens);
    productBack(layer, index, Projection.OUTPUT, kept.dAttended, row, tokens, false);
    Activations.Product query = layer.of(Projection.QUERY);
    Activations.Product key = layer.of(Projection.KEY);
    Activations.Product value = layer.of(Projection.VALUE);
    kernels.attentionGradient(
        tokens,
        config.heads(),
        config.keyValueHeads(),
        config.headSize(),
        window(tokens),
        attentionScale(),
        query.y().from(row),
        query.y().width(),
        key.y().from(row),
        key.y().width(),
        value.y().from(row),
        value.y().width(),
        kept.dAttended.from(row),
        kept.dAttended.width(),
        query.dy().from(row),
        query.dy().width(),
        key.dy().from(row),
        key.dy().width(),
        value.dy().from(row),
        value.dy().width());
    rotation.turn(query.dy(), row, tokens, true);
    rotation.turn(key.dy(), row, tokens, true);
    normHeadsBack(layer, index, Projection.QUERY, row, tokens, norms);
    normHeadsBack(layer, index, Projection.KEY, row, tokens, norms);
    if (config.attentionBias()) {
      for (Projection projection : Layout.BIASED) {
        addRows(layer.of(projection).dy(), norms.of(Layout.bias(index, projection)), row, tokens);
      }
    }
    productBack(layer, index, Projection.QUERY, kept.dNormed, row, tokens, false);
    productBack(layer, index, Projection.KEY, kept.dNormed, row, tokens, true);
    productBack(layer, index, Projection.VALUE, kept.dNormed, row, tokens, true);
    normBack(layer.x(), prefix + "input_layernorm.weight", row, tokens, norms);
  }

  private void product(
      Activations.Layer layer, int index, Projection projection, long row, int tokens) {
    Activations.Product at = layer.of(projection);
    int inputs = at.x().width();
    int outputs = at.y().width();
    linear(tokens, at.x().from(row), model(index, projection), at.y().from(row), inputs, outputs);
    if (config.attentionBias() && Layout.BIASED.contains(projection)) {
      MemorySegment bias = weights.model().of(Layout.bias(index, projection));
      for (long i = row; i < row + tokens; i++) {
        kernels.add(outputs, bias, at.y().from(i));
      }
    }
    if (at.adapter().isEmpty()) {
      return;
    }
    Activations.LowRank low = at.adapter().get();
    int rank = low.t().width();
    float scale = adapter().shape().scale();
    linear(tokens, at.x().from(row), a(index, projection), low.t().from(row), inputs, rank);
    // Its rows may be wider than this product's, so it is used densely from its own row on.
    MemorySegment u = kept.widest.from(row);
    linear(tokens, low.t().from(row), b(index, projection), u, rank, outputs);
    kernels.addScaled((long) tokens * outputs, scale, u, at.y().from(row));
    low.scaled().clear(row, tokens);
    kernels.addScaled((long) tokens * rank, scale, low.t().from(row), low.scaled().from(row));
  }

  private void productBack(
      Activations.Layer layer,
      int index,
      Projection projection,
      Rows dx,
      long row,
      int tokens,
      boolean accumulate) {
    Activations.Product at = layer.of(projection);
    int inputs = at.x().width();
    int outputs = at.y().width();
    MemorySegment dy = at.dy().from(row);
    linearBack(tokens, dy, model(index, projection), dx.from(row), inputs, outputs, accumulate);
    if (at.adapter().isEmpty()) {
      return;
    }
    Activations.LowRank low = at.adapter().get();
    int rank = low.t().width();
    MemorySegment unscaled = kept.widest.from(row);
    linearBack(tokens, dy, b(index, projection), unscaled, rank, outputs, false);
    low.dt().clear(row, tokens);
    kernels.addScaled(
        (long) tokens * rank, adapter().shape().scale(), unscaled, low.dt().from(row));
    linearBack(tokens, low.dt().from(row), a(index, projection), dx.from(row), inputs, rank, true);
  }

  private void linear(
      int tokens, MemorySegment x, MemorySegment w, MemorySegment y, int inputs, int outputs) {
    kernels.linear(
        tokens, outputs, inputs, x, inputs, WeightType.F32, w, inputs, y, outputs, false);
  }

  private void linearBack(
      int tokens,
      MemorySegment dy,
      MemorySegment w,
      MemorySegment dx,
      int inputs,
      int outputs,
      boolean accumulate) {
    kernels.linearInputGradient(
        tokens, outputs, inputs, dy, outputs, WeightType.F32, w, inputs, dx, inputs, accumulate);
  }

  private void norm(Rows x, String name, Rows y, long row, int tokens) {
    int width = x.width();
    kernels.rmsNorm(
        tokens, width, x.from(row), width, weights.model().of(name), epsilon, y.from(row), width);
  }

  /** The gradient behind a norm is in {@code dNormed}; what is before it is added to {@code dx}. */
  private void normBack(Rows x, String name, long row, int tokens, NormGradients norms) {
    int width = x.width();
    kernels.rmsNormGradient(
        tokens,
        width,
        x.from(row),
        width,
        weights.model().of(name),
        epsilon,
        kept.dNormed.from(row),
        width,
        kept.step.from(row),
        width,
        norms.of(name));
    add(kept.step, kept.dx, row, tokens);
  }

  /** Norms each head of queries or keys, and keeps what they were before. */
  private void normHeads(
      Activations.Layer layer, int index, Projection projection, long row, int tokens) {
    Activations.Product at = layer.of(projection);
    if (at.plain().isEmpty()) {
      return;
    }
    at.plain().get().copy(at.y(), row, tokens);
    int size = config.headSize();
    kernels.rmsNorm(
        tokens * (at.y().width() / size),
        size,
        at.plain().get().from(row),
        size,
        weights.model().of(Layout.headNorm(index, projection)),
        epsilon,
        at.y().from(row),
        size);
  }

  /** Takes a product's gradient back to before its heads were normed. */
  private void normHeadsBack(
      Activations.Layer layer,
      int index,
      Projection projection,
      long row,
      int tokens,
      NormGradients norms) {
    Activations.Product at = layer.of(projection);
    if (at.plain().isEmpty()) {
      return;
    }
    int size = config.headSize();
    // Nobody needs the gradient of what was attended to any more; keys are no wider than queries.
    MemorySegment before = kept.dAttended.from(row);
    String name = Layout.headNorm(index, projection);
    kernels.rmsNormGradient(
        tokens * (at.dy().width() / size),
        size,
        at.plain().get().from(row),
        size,
        weights.model().of(name),
        epsilon,
        at.dy().from(row),
        size,
        before,
        size,
        norms.of(name));
    MemorySegment.copy(
        before, 0, at.dy().from(row), 0, (long) tokens * at.dy().width() * Float.BYTES);
  }

  /** Adds rows to a sum, the first one first. */
  private void addRows(Rows x, MemorySegment sum, long row, int tokens) {
    for (long i = row; i < row + tokens; i++) {
      kernels.add(x.width(), x.from(i), sum);
    }
  }

  private void add(Rows x, Rows y, long row, int tokens) {
    kernels.add((long) tokens * x.width(), x.from(row), y.from(row));
  }

  private MemorySegment model(int layer, Projection projection) {
    return weights.model().of("model.layers." + layer + "." + projection.module() + ".weight");
  }

  private Weights.Adapter adapter() {
    return weights.adapter().orElseThrow();
  }

  private MemorySegment a(int layer, Projection projection) {
    return adapter().parameters().of(Layout.nameA(layer, projection));
  }

  private MemorySegment b(int layer, Projection projection) {
    return adapter().parameters().of(Layout.nameB(layer, projection));
  }

  private float attentionScale() {
    return (float) (1 / Math.sqrt(config.headSize()));
  }

  private int window(int tokens) {
    return config.slidingWindow() == 0 ? tokens : config.slidingWindow();
  }

  /** Losses of the rows from {@code row} on, added in order. */
  double losses(long row, int tokens) {
    double sum = 0;
    for (int i = 0; i < tokens; i++) {
      sum += kept.losses.memory().getAtIndex(JAVA_FLOAT, row + i);
    }
    return sum;
  }
}

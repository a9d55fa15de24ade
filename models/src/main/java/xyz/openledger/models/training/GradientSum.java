package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.nativekernels.strict.StrictKernels;

/**
 * The gradient of what is trained, over as many samples as wanted: sample after sample, each in its
 * rows, every sum one chain in the order of rows. So the bits depend on the samples and their
 * order, and not on threads nor on how many samples are in memory at once.
 */
public final class GradientSum implements AutoCloseable {
  /** Parts of a matrix that threads sum by themselves. */
  private static final int TILE = 64;

  private final Arena arena = Arena.ofShared();
  private final StrictKernels kernels;
  private final Workers workers;
  private final Weights weights;
  private final int rowsMax;
  private final Activations kept;
  private final Passes passes;
  private final Parameters sum;
  private final MemorySegment read;
  private final List<NormGradients> norms = new ArrayList<>();

  /**
   * A sum over samples.
   *
   * @param rowsMax tokens that are in memory at once; no sample has more
   */
  public GradientSum(StrictKernels kernels, Workers workers, Weights weights, int rowsMax) {
    this.kernels = kernels;
    this.workers = workers;
    this.weights = weights;
    this.rowsMax = rowsMax;
    var shape = weights.adapter().map(Weights.Adapter::shape);
    kept = new Activations(weights.config(), shape, rowsMax, arena);
    int positions = Math.min(rowsMax, weights.config().contextMax());
    passes = new Passes(kernels, weights, kept, positions, arena);
    sum = Parameters.zeros(weights.trained().layout(), arena);
    read =
        arena.allocate(
            JAVA_FLOAT, weights.adapter().isPresent() ? 1 : embedding().byteSize() / Float.BYTES);
  }

  /**
   * The gradient of the mean loss over all targets of these samples, and that loss. What is
   * returned is overwritten by the next call.
   */
  public Result of(List<Sample> samples) {
    sum.memory().fill((byte) 0);
    read.fill((byte) 0);
    int counted = samples.stream().mapToInt(Sample::counted).sum();
    float factor = counted == 0 ? 0 : (float) (1.0 / counted);
    double loss = 0;
    for (List<Sample> part : parts(samples)) {
      long[] rows = starts(part);
      prepareNorms(part.size());
      workers.share(
          part.size(),
          i -> {
            Sample sample = part.get(i);
            passes.forward(sample.tokens(), rows[i]);
            passes.loss(sample, rows[i], factor);
            passes.backward(sample.tokens().length, rows[i], norms.get(i));
          });
      addUp(part, (int) rows[part.size()]);
      loss = losses(loss, part, rows);
    }
    if (weights.adapter().isEmpty()) {
      kernels.add(read.byteSize() / Float.BYTES, read, sum.of("model.embed_tokens.weight"));
    }
    return new Result(counted == 0 ? 0 : loss / counted, counted, sum);
  }

  /** The mean loss over all targets of these samples. */
  public double lossOf(List<Sample> samples) {
    double loss = 0;
    for (List<Sample> part : parts(samples)) {
      long[] rows = starts(part);
      workers.share(
          part.size(),
          i -> {
            passes.forward(part.get(i).tokens(), rows[i]);
            passes.loss(part.get(i), rows[i], 0);
          });
      loss = losses(loss, part, rows);
    }
    return loss / Math.max(1, samples.stream().mapToInt(Sample::counted).sum());
  }

  /** What it is a gradient of. */
  Parameters trained() {
    return weights.trained();
  }

  /** The logits behind the last of these tokens. */
  public float[] logits(int[] tokens) {
    passes.forward(tokens, 0);
    return kept.logits
        .from(tokens.length - 1L)
        .asSlice(0, weights.config().vocabularySize() * (long) Float.BYTES)
        .toArray(JAVA_FLOAT);
  }

  /**
   * A loss and its gradient.
   *
   * @param counted targets that the loss is the mean of
   */
  public record Result(double loss, int counted, Parameters gradient) {}

  private MemorySegment embedding() {
    return weights.model().of("model.embed_tokens.weight");
  }

  private List<List<Sample>> parts(List<Sample> samples) {
    var parts = new ArrayList<List<Sample>>();
    int held = 0;
    for (Sample sample : samples) {
      int length = sample.tokens().length;
      if (length > rowsMax || length > weights.config().contextMax()) {
        throw new IllegalArgumentException("a sample of " + length + " tokens is too long");
      }
      if (parts.isEmpty() || held + length > rowsMax) {
        parts.add(new ArrayList<>());
        held = 0;
      }
      parts.getLast().add(sample);
      held += length;
    }
    return parts;
  }

  private static long[] starts(List<Sample> part) {
    var rows = new long[part.size() + 1];
    for (int i = 0; i < part.size(); i++) {
      rows[i + 1] = rows[i] + part.get(i).tokens().length;
    }
    return rows;
  }

  /** One chain over all samples, so that it does not matter how many are in memory at once. */
  private double losses(double before, List<Sample> part, long[] rows) {
    double loss = before;
    for (int i = 0; i < part.size(); i++) {
      loss += passes.losses(rows[i], part.get(i).tokens().length);
    }
    return loss;
  }

  private void prepareNorms(int samples) {
    while (norms.size() < samples) {
      norms.add(new NormGradients(weights.model().layout(), arena));
    }
    norms.subList(0, samples).forEach(NormGradients::clear);
  }

  private void addUp(List<Sample> part, int rows) {
    var tiles = new ArrayList<Runnable>();
    ModelConfig config = weights.config();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (Projection projection : Projection.values()) {
        addProduct(tiles, layer, projection, rows);
      }
    }
    if (weights.adapter().isEmpty()) {
      Rows head = new Rows(kept.logits.memory(), config.vocabularySize());
      addMatrix(tiles, head, kept.normed, sum.of(weights.head()), rows);
      for (int first = 0; first < config.vocabularySize(); first += TILE) {
        int from = first;
        tiles.add(() -> addEmbedding(part, from));
      }
      for (int i = 0; i < part.size(); i++) {
        for (Map.Entry<String, MemorySegment> norm : norms.get(i).all()) {
          kernels.add(
              norm.getValue().byteSize() / Float.BYTES, norm.getValue(), sum.of(norm.getKey()));
        }
      }
    }
    workers.share(tiles.size(), i -> tiles.get(i).run());
  }

  private void addProduct(List<Runnable> tiles, int layer, Projection projection, int rows) {
    Activations.Product at = kept.layers.get(layer).of(projection);
    if (weights.adapter().isEmpty()) {
      String name = "model.layers." + layer + "." + projection.module() + ".weight";
      addMatrix(tiles, at.dy(), at.x(), sum.of(name), rows);
    }
    at.adapter()
        .ifPresent(
            low -> {
              addMatrix(tiles, low.dt(), at.x(), sum.of(Layout.nameA(layer, projection)), rows);
              addMatrix(
                  tiles, at.dy(), low.scaled(), sum.of(Layout.nameB(layer, projection)), rows);
            });
  }

  private void addMatrix(List<Runnable> tiles, Rows dy, Rows x, MemorySegment dw, int rows) {
    for (int first = 0; first < dy.width(); first += TILE) {
      int from = first;
      int outputs = Math.min(TILE, dy.width() - first);
      tiles.add(
          () ->
              kernels.linearWeightGradient(
                  rows,
                  outputs,
                  x.width(),
                  dy.memory().asSlice((long) from * Float.BYTES),
                  dy.width(),
                  x.memory(),
                  x.width(),
                  dw.asSlice((long) from * x.width() * Float.BYTES),
                  x.width(),
                  true));
    }
  }

  /** Adds rows' gradients to the tokens that they read, of the tokens of one tile. */
  private void addEmbedding(List<Sample> part, int first) {
    int hidden = weights.config().hiddenSize();
    long bytes = (long) hidden * Float.BYTES;
    long row = 0;
    for (int token : part.stream().flatMapToInt(one -> Arrays.stream(one.tokens())).toArray()) {
      if (token >= first && token < first + TILE) {
        kernels.add(hidden, kept.dx.from(row), read.asSlice(token * bytes, bytes));
      }
      row++;
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}

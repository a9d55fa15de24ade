package xyz.openledger.models.training;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Projection;

/** What a forward pass keeps for the backward pass, and what that leaves for the weights' sums. */
final class Activations {
  /**
   * A matrix at work.
   *
   * @param x what it multiplies
   * @param y what it says
   * @param dy the gradient of that
   * @param plain what it says before its heads are normed, where they are
   */
  record Product(Rows x, Rows y, Rows dy, Optional<LowRank> adapter, Optional<Rows> plain) {}

  /**
   * Its adapter at work.
   *
   * @param t A · x
   * @param scaled that, times the adapter's scale
   * @param dt the gradient of A · x
   */
  record LowRank(Rows t, Rows scaled, Rows dt) {}

  /** One layer's. */
  record Layer(Rows x, Rows middle, Map<Projection, Product> products) {
    Product of(Projection projection) {
      return Objects.requireNonNull(products.get(projection));
    }
  }

  final int rows;
  final List<Layer> layers = new ArrayList<>();

  /** The residual stream behind the last layer. */
  final Rows last;

  /** That, normed. */
  final Rows normed;

  /** Logits, and then their gradient. */
  final Rows logits;

  /** The gradient of the residual stream, and three rows for the steps between. */
  final Rows dx;

  final Rows dNormed;
  final Rows step;
  final Rows dInner;
  final Rows dAttended;
  final Rows widest;
  final Rows losses;

  Activations(ModelConfig config, Optional<AdapterShape> adapter, int rows, Arena arena) {
    this.rows = rows;
    int hidden = config.hiddenSize();
    Rows x = Rows.of(arena, rows, hidden);
    for (int i = 0; i < config.layers(); i++) {
      Layer layer = layer(config, adapter, x, rows, arena);
      layers.add(layer);
      x = Rows.of(arena, rows, hidden);
    }
    last = x;
    normed = Rows.of(arena, rows, hidden);
    logits = Rows.of(arena, rows, config.vocabularySize());
    dx = Rows.of(arena, rows, hidden);
    dNormed = Rows.of(arena, rows, hidden);
    step = Rows.of(arena, rows, hidden);
    dInner = Rows.of(arena, rows, config.intermediateSize());
    dAttended = Rows.of(arena, rows, config.queryWidth());
    int rank = adapter.map(AdapterShape::rank).orElse(1);
    int most =
        Math.max(Math.max(config.queryWidth(), rank), Math.max(hidden, config.intermediateSize()));
    widest = Rows.of(arena, adapter.isPresent() ? rows : 1, most);
    losses = Rows.of(arena, rows, 1);
  }

  private static Layer layer(
      ModelConfig config, Optional<AdapterShape> adapter, Rows x, int rows, Arena arena) {
    Rows normed = Rows.of(arena, rows, config.hiddenSize());
    Rows normedAgain = Rows.of(arena, rows, config.hiddenSize());
    Rows attended = Rows.of(arena, rows, config.queryWidth());
    Rows inner = Rows.of(arena, rows, config.intermediateSize());
    var products = new EnumMap<Projection, Product>(Projection.class);
    for (Projection projection : Projection.values()) {
      Rows input =
          switch (projection) {
            case QUERY, KEY, VALUE -> normed;
            case OUTPUT -> attended;
            case GATE, UP -> normedAgain;
            case DOWN -> inner;
          };
      int outputs = projection.outputs(config);
      products.put(
          projection,
          new Product(
              input,
              Rows.of(arena, rows, outputs),
              Rows.of(arena, rows, outputs),
              adapter
                  .filter(shape -> shape.targets().contains(projection))
                  .map(
                      shape ->
                          new LowRank(
                              Rows.of(arena, rows, shape.rank()),
                              Rows.of(arena, rows, shape.rank()),
                              Rows.of(arena, rows, shape.rank()))),
              config.queryKeyNorm()
                      && (projection == Projection.QUERY || projection == Projection.KEY)
                  ? Optional.of(Rows.of(arena, rows, outputs))
                  : Optional.empty()));
    }
    return new Layer(x, Rows.of(arena, rows, config.hiddenSize()), products);
  }
}

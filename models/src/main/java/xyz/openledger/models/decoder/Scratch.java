package xyz.openledger.models.decoder;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.files.Refused;
import xyz.openledger.nativekernels.strict.StrictKernels;

/** The buffers of one step, taken once. */
final class Scratch {
  private final ModelConfig config;
  private final int rowsMax;

  final MemorySegment hidden;
  final MemorySegment normed;
  final MemorySegment last;
  final MemorySegment query;
  final MemorySegment key;
  final MemorySegment value;
  final MemorySegment attended;
  final MemorySegment gate;
  final MemorySegment up;
  final MemorySegment logits;
  final MemorySegment positions;
  final MemorySegment starts;
  final MemorySegment ends;
  final MemorySegment cosines;
  final MemorySegment sines;
  final MemorySegment tables;
  final long tableStride;

  Scratch(ModelConfig config, int rowsMax, Arena arena) {
    this.config = config;
    this.rowsMax = rowsMax;
    this.tableStride = (config.contextMax() + KvCache.PAGE_TOKENS - 1L) / KvCache.PAGE_TOKENS;
    this.hidden = floats(config.hiddenSize(), arena);
    this.normed = floats(config.hiddenSize(), arena);
    this.last = floats(config.hiddenSize(), arena);
    this.query = floats(config.queryWidth(), arena);
    this.key = floats(config.keyValueWidth(), arena);
    this.value = floats(config.keyValueWidth(), arena);
    this.attended = floats(config.queryWidth(), arena);
    this.gate = floats(config.intermediateSize(), arena);
    this.up = floats(config.intermediateSize(), arena);
    this.logits = floats(config.vocabularySize(), arena);
    this.positions = floats(1, arena);
    this.starts = floats(1, arena);
    this.ends = floats(1, arena);
    this.cosines = floats(config.headSize() / 2, arena);
    this.sines = floats(config.headSize() / 2, arena);
    this.tables = floats(tableStride, arena);
  }

  private MemorySegment floats(long columns, Arena arena) {
    return arena.allocate(columns * rowsMax * Float.BYTES, Matrix.ALIGNMENT);
  }

  /** Writes down what the rows are, and their embeddings; answers how many there are. */
  int begin(List<Rows> batch, Weights weights, StrictKernels kernels) {
    int row = 0;
    long rowBytes = (long) config.hiddenSize() * Float.BYTES;
    for (Rows rows : batch) {
      int end = rows.position() + rows.tokens().length;
      if (row + rows.tokens().length > rowsMax || end > config.contextMax()) {
        throw Refused.because(
            "rows",
            "go beyond %d in a step or %d in a sequence".formatted(rowsMax, config.contextMax()));
      }
      for (int i = 0; i < rows.tokens().length; i++, row++) {
        int token = rows.tokens()[i];
        if (token < 0 || token >= config.vocabularySize()) {
          throw Refused.because("tokens", token + " is not in the vocabulary");
        }
        int position = rows.position() + i;
        int window = config.slidingWindow();
        positions.setAtIndex(JAVA_INT, row, position);
        starts.setAtIndex(JAVA_INT, row, window == 0 ? 0 : Math.max(0, position - window + 1));
        ends.setAtIndex(JAVA_INT, row, position + 1);
        int pages = position / KvCache.PAGE_TOKENS + 1;
        MemorySegment.copy(
            rows.pages(), 0, tables, JAVA_INT, row * tableStride * Integer.BYTES, pages);
        weights.embedding().row(token, hidden.asSlice(row * rowBytes, rowBytes));
      }
    }
    kernels.rotaryAngles(
        row, config.headSize() / 2, positions, weights.frequencies(), cosines, sines);
    return row;
  }
}

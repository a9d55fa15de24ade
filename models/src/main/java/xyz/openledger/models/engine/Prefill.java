package xyz.openledger.models.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.Model;
import xyz.openledger.models.decoder.Decoder;
import xyz.openledger.models.decoder.KvCache;
import xyz.openledger.models.decoder.LoadedAdapter;
import xyz.openledger.models.decoder.Rows;
import xyz.openledger.nativekernels.strict.StrictKernels;

/**
 * Computes an answer that somebody else gave: a pass over its tokens, many at once, in which none
 * has to wait for the one before it. So it takes a fraction of the time of making them.
 */
public final class Prefill {
  private static final int ROWS_PER_STEP = 64;

  private Prefill() {}

  /** Hears of each place from which a token was chosen, in their order. */
  @FunctionalInterface
  public interface Reader {
    /**
     * A place.
     *
     * @param index 0 for the prompt's last token
     * @param state as it goes into the head; only during the call
     * @param drawn the token that follows by the request's seed
     * @param logits from which it was drawn; only during the call
     */
    void read(int index, MemorySegment state, int drawn, MemorySegment logits);
  }

  private static long pages(int tokens) {
    return (tokens + KvCache.PAGE_TOKENS - 1L) / KvCache.PAGE_TOKENS;
  }

  /**
   * Reads the state after the prompt and after each token of the answer.
   *
   * @param slab what the adapter lies in; null without one
   * @param check asked before each step; what it throws ends the reading
   */
  public static void read(
      Model model,
      StrictKernels kernels,
      @Nullable MemorySegment slab,
      @Nullable LoadedAdapter adapter,
      int[] prompt,
      List<Integer> answer,
      InferenceRequest.Sampling sampling,
      Runnable check,
      Reader reader) {
    int[] tokens = Arrays.copyOf(prompt, prompt.length + answer.size());
    for (int i = 0; i < answer.size(); i++) {
      tokens[prompt.length + i] = answer.get(i);
    }
    int[] table = new int[Math.toIntExact(pages(tokens.length))];
    Arrays.setAll(table, page -> page);
    try (Arena arena = Arena.ofConfined();
        var decoder =
            new Decoder(
                model.weights(),
                kernels,
                new KvCache(model.config(), table.length, arena),
                slab == null ? arena.allocate(Long.BYTES) : slab,
                ROWS_PER_STEP,
                1,
                arena)) {
      int first = prompt.length - 1;
      for (int from = 0; from < first; from += ROWS_PER_STEP) {
        check.run();
        int[] part = Arrays.copyOfRange(tokens, from, Math.min(first, from + ROWS_PER_STEP));
        decoder.step(List.of(new Rows(part, from, table, adapter, false)));
      }
      var states = new MemorySegment[1];
      long stateBytes = (long) model.config().hiddenSize() * Float.BYTES;
      for (int from = first; from < tokens.length; from += ROWS_PER_STEP) {
        check.run();
        var rows = new ArrayList<Rows>();
        for (int at = from; at < Math.min(tokens.length, from + ROWS_PER_STEP); at++) {
          // Of a stretch only the last place is read, so that each is a stretch of its own.
          rows.add(new Rows(new int[] {tokens[at]}, at, table, adapter, true));
        }
        MemorySegment logits =
            decoder.step(
                rows,
                (layer, _, values) ->
                    states[0] = layer == model.config().layers() ? values : states[0]);
        for (int i = 0; i < rows.size(); i++) {
          int index = from - first + i;
          MemorySegment those = decoder.logits(logits, i);
          int drawn =
              kernels.sample(
                  model.config().vocabularySize(),
                  those,
                  sampling.temperature(),
                  sampling.topK(),
                  sampling.topP(),
                  sampling.seed(),
                  index);
          reader.read(index, states[0].asSlice(i * stateBytes, stateBytes), drawn, those);
        }
      }
    }
  }

  /** A state as an array. */
  public static float[] floats(MemorySegment state) {
    return state.toArray(ValueLayout.JAVA_FLOAT);
  }

  /** The text of an answer's tokens, and whether a stop text ended it, as an engine has it. */
  public record Spelled(String text, boolean stopped) {}

  /** Spells tokens as an engine does; those after a stop text are a fault that shows. */
  public static Spelled spell(Model model, List<Integer> tokens, List<String> stop) {
    var text = new AnswerText(model.tokenizer(), stop);
    boolean early = false;
    for (int token : tokens) {
      early |= text.stopped();
      text.push(token);
    }
    text.end();
    return new Spelled(early ? text.text() + "\0" : text.text(), text.stopped());
  }
}

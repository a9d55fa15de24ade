package xyz.openledger.models.recipe;

import java.util.Arrays;
import java.util.stream.IntStream;
import xyz.openledger.models.tokens.ModelTokenizer;
import xyz.openledger.models.training.Sample;

/**
 * Questions and answers as the tiny model reads them:
 *
 * <pre>
 *   &lt;|user|&gt;question&lt;|end|&gt;&lt;|assistant|&gt;answer&lt;|end|&gt;
 * </pre>
 */
public final class Conversation {
  private final ModelTokenizer tokenizer;
  private final IntStream.Builder tokens = IntStream.builder();
  private final IntStream.Builder targets = IntStream.builder();

  /** With nothing said yet. */
  public Conversation(ModelTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Adds a question and its answer, which is to be learnt. */
  public Conversation add(Exchange exchange) {
    ask(exchange.question());
    for (int token : tokenizer.encode(exchange.answer(), false)) {
      put(token, true);
    }
    put(TinyRecipe.END, true);
    return this;
  }

  /** Adds a question, up to where the answer begins. */
  public Conversation ask(String question) {
    put(TinyRecipe.USER, false);
    for (int token : tokenizer.encode(question, false)) {
      put(token, false);
    }
    put(TinyRecipe.END, false);
    put(TinyRecipe.ASSISTANT, false);
    return this;
  }

  /** What to learn: after each token the next, where that is of an answer. */
  public Sample sample() {
    int[] all = tokens.build().toArray();
    int[] learnt = targets.build().toArray();
    return new Sample(
        Arrays.copyOf(all, all.length - 1), Arrays.copyOfRange(learnt, 1, learnt.length));
  }

  /** All tokens so far. */
  public int[] tokens() {
    return tokens.build().toArray();
  }

  private void put(int token, boolean learnt) {
    tokens.add(token);
    targets.add(learnt ? token : -1);
  }
}

package xyz.openledger.models.engine;

import org.jspecify.annotations.Nullable;
import xyz.openledger.models.Model;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.decoder.KvCache;
import xyz.openledger.models.files.Refused;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/**
 * Looks at a request before an engine queues it, and refuses what it could never answer.
 *
 * @param adapters the model's, or none
 * @param pages of keys and values that the engine has in all
 */
record Intake(Model model, @Nullable AdapterStore adapters, StrictKernels kernels, int pages) {

  /**
   * A request that may be queued.
   *
   * @param wake is run when it is cancelled
   * @throws xyz.openledger.protocol.ProblemException if it can never be answered
   */
  Sequence sequence(long id, InferenceRequest request, TokenListener listener, Runnable wake) {
    int[] prompt = tokens(request.prompt());
    var sequence =
        new Sequence(
            id,
            request,
            prompt,
            adapter(request),
            listener,
            new AnswerText(model.tokenizer(), request.stop()),
            new AnswerDigest(kernels, prompt),
            request.patience() == null
                ? Sequence.FOREVER
                : System.nanoTime() + request.patience().toNanos(),
            wake);
    requireRoom(sequence);
    return sequence;
  }

  private int[] tokens(InferenceRequest.Prompt prompt) {
    return switch (prompt) {
      case InferenceRequest.Prompt.Text(var text) -> model.tokenizer().encode(text);
      case InferenceRequest.Prompt.Tokens(var tokens) ->
          tokens.stream().mapToInt(Integer::intValue).toArray();
    };
  }

  private @Nullable Digest adapter(InferenceRequest request) {
    String name = request.adapter();
    if (name == null) {
      return null;
    }
    // The request's own seed draws its share of a canary: asked again, it meets the same adapter.
    return adapters == null
        ? unknown(name)
        : adapters.resolve(name, request.sampling().seed()).orElseGet(() -> unknown(name));
  }

  private static Digest unknown(String name) {
    throw Refused.because("adapter", "there is none named " + name);
  }

  private void requireRoom(Sequence sequence) {
    int context = model.config().contextMax();
    long longest = (long) sequence.promptTokens + sequence.request.maxTokens();
    if (sequence.promptTokens == 0) {
      throw Refused.because("prompt", "has no token");
    }
    if (longest > context) {
      throw Refused.because(
          "max_tokens",
          "the prompt has %d tokens, the answer up to %d, and the model's context is %d"
              .formatted(sequence.promptTokens, sequence.request.maxTokens(), context));
    }
    if (sequence.pagesMax > pages) {
      throw Refused.because(
          "max_tokens",
          "keys and values of %d tokens do not fit into the %d that this engine holds"
              .formatted(longest, (long) pages * KvCache.PAGE_TOKENS));
    }
    for (int token : tokensOf(sequence)) {
      if (token < 0 || token >= model.config().vocabularySize()) {
        throw Refused.because("prompt", "the token " + token + " is not in the vocabulary");
      }
    }
  }

  private static int[] tokensOf(Sequence sequence) {
    return sequence.rows(sequence.pending()).tokens();
  }
}

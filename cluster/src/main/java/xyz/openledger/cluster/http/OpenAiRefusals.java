package xyz.openledger.cluster.http;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import xyz.openledger.cluster.http.api.ProblemDocument;
import xyz.openledger.cluster.openai.OpenAiRefusal;

/** Whatever fails, as clients of the OpenAI API expect to hear of it. */
final class OpenAiRefusals {
  private OpenAiRefusals() {}

  static OpenAiRefusal of(Throwable failure) {
    return switch (failure) {
      case OpenAiRefusal refusal -> refusal;
      case CompletionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case ExecutionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      default -> of(Refusals.of(failure));
    };
  }

  /** What failed, without what it is wrapped in. */
  static Throwable cause(Throwable failure) {
    return (failure instanceof CompletionException || failure instanceof ExecutionException)
            && failure.getCause() != null
        ? cause(failure.getCause())
        : failure;
  }

  static OpenAiRefusal of(ProblemDocument problem) {
    String code = problem.type().substring(ProblemDocument.TYPE_PREFIX.length());
    return OpenAiRefusal.of(
        problem.status(), code.replace('-', '_'), problem.field(), sentence(problem));
  }

  private static String sentence(ProblemDocument problem) {
    String next = problem.next();
    return problem.title() + ": " + problem.detail() + (next == null ? "" : ". " + next);
  }
}

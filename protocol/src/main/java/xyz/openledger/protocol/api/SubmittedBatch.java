package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One answer for each job of a batch, in its order. */
@Answer
public record SubmittedBatch(List<Item> items) {
  /** Copies the items. */
  public SubmittedBatch {
    items = List.copyOf(items);
  }

  /** What was taken, or why not: exactly one of the two is there. */
  @Answer
  public record Item(@Nullable Submitted submitted, @Nullable ProblemDetail problem) {}
}

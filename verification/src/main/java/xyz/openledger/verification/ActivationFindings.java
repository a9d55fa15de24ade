package xyz.openledger.verification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.verification.toploc.ActivationEvidence;
import xyz.openledger.verification.toploc.ActivationEvidence.Chunk;
import xyz.openledger.verification.toploc.ActivationProof;
import xyz.openledger.verification.toploc.ActivationProof.Likeness;
import xyz.openledger.verification.toploc.Activations;

/** What a member finds on the activations of an answer, in the words of a receipt. */
public final class ActivationFindings {
  /** No bound follows from likeness: an error of 1 is claimed. */
  public static final int ERROR_LOG2 = 0;

  /** What every receipt says that rests on it. */
  public static final String CLASS = "statistical, not a proof: no bound on the error is known";

  private ActivationFindings() {}

  /**
   * Compares what an answer committed to with what was computed again.
   *
   * @param committed 258 bytes a chunk, in Base64
   * @param again the largest activations of each chunk
   * @param tokens of the answer
   * @param differing of them, drawn otherwise by the seed
   */
  public static ProductCheck of(
      @Nullable List<String> committed,
      List<List<Activations.Large>> again,
      int tokens,
      int differing) {
    if (committed == null || committed.size() != again.size()) {
      return refused(
          "it commits to %d chunks of activations, its tokens have %d"
              .formatted(committed == null ? 0 : committed.size(), again.size()));
    }
    record Compared(Chunk chunk, Likeness likeness) {}
    var chunks = new ArrayList<Compared>();
    for (int i = 0; i < again.size(); i++) {
      Chunk chunk = ActivationEvidence.chunk(i, committed.get(i), again.get(i));
      try {
        chunks.add(new Compared(chunk, chunk.likeness()));
      } catch (IllegalArgumentException malformed) {
        return refused("the commitment of chunk %d: %s".formatted(i, malformed.getMessage()));
      }
    }
    chunks.sort(
        Comparator.comparing((Compared it) -> it.likeness().nearInFloat32())
            .thenComparingInt(it -> it.likeness().exponents())
            .thenComparingDouble(it -> -it.likeness().mantissaMean()));
    var evidence =
        new ActivationEvidence(
            chunks.size(),
            differing,
            tokens,
            chunks.stream().limit(ActivationEvidence.SHOWN_MAX).map(Compared::chunk).toList());
    boolean holds = chunks.getFirst().likeness().nearInFloat32() && !evidence.drawnOtherwise();
    return new ProductCheck(
        holds,
        chunks.size(),
        ERROR_LOG2,
        detail(evidence, chunks.getFirst().likeness()),
        null,
        chunks.size() * (2 + 2 * ActivationProof.LARGEST),
        evidence.text());
  }

  /** An answer of which nothing can be compared. */
  public static ProductCheck refused(String reason) {
    return new ProductCheck(false, 0, ERROR_LOG2, reason);
  }

  /** An answer that says that there is none, as every machine would say. */
  public static ProductCheck sameRefusal(String reason) {
    return new ProductCheck(true, 0, ERROR_LOG2, "no answer can be given: " + reason);
  }

  /**
   * Why the commitments that a receipt shows are not those of an answer; null if they are, or if it
   * shows none.
   *
   * @param evidence of the receipt, as JSON
   * @param committed by the answer
   */
  public static @Nullable String foreign(
      @Nullable String evidence, @Nullable List<String> committed) {
    if (evidence == null) {
      return null;
    }
    ActivationEvidence shown;
    try {
      shown = ActivationEvidence.read(evidence);
    } catch (ProblemException malformed) {
      return "the activations in the receipt cannot be read: " + malformed.getMessage();
    }
    List<String> own = committed == null ? List.of() : committed;
    if (shown.chunks() != own.size()) {
      return "the receipt speaks of %d chunks, the answer commits to %d"
          .formatted(shown.chunks(), own.size());
    }
    return shown.shown().stream()
        .filter(chunk -> !chunk.proof().equals(own.get(chunk.index())))
        .findFirst()
        .map(chunk -> "chunk %d in the receipt is not that of the answer".formatted(chunk.index()))
        .orElse(null);
  }

  private static String detail(ActivationEvidence evidence, Likeness worst) {
    return String.format(
        Locale.ROOT,
        "%s; the least alike of %d chunks has %d of %d exponents alike (%d at least), mantissas"
            + " %.2f apart on average and %.1f at the median (%.1f and %.0f at most in float32;"
            + " %.0f and %.0f published); %d of %d tokens drawn otherwise",
        CLASS,
        evidence.chunks(),
        worst.exponents(),
        ActivationProof.LARGEST,
        ActivationProof.EXPONENTS_MIN,
        worst.mantissaMean(),
        worst.mantissaMedian(),
        ActivationProof.FLOAT32_MANTISSA_MEAN_MAX,
        ActivationProof.FLOAT32_MANTISSA_MEDIAN_MAX,
        ActivationProof.MANTISSA_MEAN_MAX,
        ActivationProof.MANTISSA_MEDIAN_MAX,
        evidence.differing(),
        evidence.tokens());
  }

  /** What is wrong with the evidence in a receipt, compared here again; null if nothing is. */
  static @Nullable String fault(ProductCheck check, @Nullable Outcome accepted) {
    if (check.errorLog2() != ERROR_LOG2) {
      return "no comparison of activations bounds an error by 2^" + check.errorLog2();
    }
    if (accepted == null || !accepted.succeeded()) {
      return null;
    }
    if (check.evidence() == null) {
      return "it carries no activations";
    }
    try {
      ActivationEvidence evidence = ActivationEvidence.read(check.evidence());
      Likeness worst = evidence.shown().getFirst().likeness();
      for (Chunk chunk : evidence.shown()) {
        if (!chunk.likeness().nearInFloat32()) {
          return "the activations of chunk %d in it are not near".formatted(chunk.index());
        }
      }
      if (evidence.drawnOtherwise()) {
        return "too many of its tokens are drawn otherwise";
      }
      return check.products() == evidence.chunks() && check.detail().equals(detail(evidence, worst))
          ? null
          : "its activations say otherwise: " + detail(evidence, worst);
    } catch (ProblemException | IllegalArgumentException malformed) {
      return "the activations in it cannot be read: " + malformed.getMessage();
    }
  }
}

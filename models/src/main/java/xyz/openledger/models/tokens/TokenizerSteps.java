package xyz.openledger.models.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The steps of one section together. Each alone makes a text longer by little; one behind another
 * they would make one letter as long as any memory: so none stands there twice, but those that
 * never make it longer. And what marks are found in must be what was looked through for them.
 */
final class TokenizerSteps {
  /** Those that leave a text as long as it was, in characters. */
  private static final Set<String> REPEATED = Set.of("Replace", "Split", "Digits", "Strip");

  private static final int REPEATED_MAX = 8;

  private TokenizerSteps() {}

  /** Those of a section, which has been checked one by one. */
  static List<JsonNode> of(String section, JsonNode part) {
    var steps = new ArrayList<JsonNode>();
    add(section, part, steps);
    return steps;
  }

  private static void add(String section, JsonNode part, List<JsonNode> steps) {
    if (type(part).equals("Sequence")) {
      part.path(TokenizerParts.list(section)).forEach(one -> add(section, one, steps));
    } else if (!part.isNull()) {
      steps.add(part);
    }
  }

  /**
   * Checks that they do not make a text longer again and again.
   *
   * @throws xyz.openledger.protocol.ProblemException with the type that stands there too often
   */
  static void requireBounded(String section, List<JsonNode> steps) {
    var seen = new HashSet<String>();
    int repeated = 0;
    for (JsonNode step : steps) {
      String type = type(step);
      if (REPEATED.contains(type)) {
        repeated++;
      } else {
        TokenizerParts.require(section, seen.add(type), "has %s more than once".formatted(type));
      }
    }
    TokenizerParts.require(
        section,
        repeated <= REPEATED_MAX,
        "has more than %d steps of Replace, Split, Digits and Strip".formatted(REPEATED_MAX));
  }

  /**
   * Checks that no step of the normalizer makes a mark of what is none. Some marks are looked for
   * behind it, and what a user writes is looked through before it: where {@code Replace} writes an
   * s for an S, {@code </S>} would be {@code </s>}.
   *
   * @param marks those that are looked for behind it
   * @throws xyz.openledger.protocol.ProblemException with the step that might
   */
  static void requireNoMarkMade(List<JsonNode> normalizer, Collection<String> marks) {
    if (marks.isEmpty()) {
      return;
    }
    for (JsonNode step : normalizer) {
      boolean harmless =
          switch (type(step)) {
            case "Prepend" -> true;
            case "Replace" -> replacesBesides(step, marks);
            default -> false;
          };
      TokenizerParts.require(
          "normalizer",
          harmless,
          "has %s, which makes marks of what is none: added_tokens must not be normalized"
              .formatted(type(step)));
    }
  }

  /** Whether what it takes away and what it writes are of characters that no mark has. */
  private static boolean replacesBesides(JsonNode step, Collection<String> marks) {
    String from = step.path("pattern").path("String").asText("");
    String to = step.path("content").asText("");
    return !from.isEmpty()
        && !to.isEmpty()
        && marks.stream()
            .noneMatch(mark -> (from + to).codePoints().anyMatch(one -> mark.indexOf(one) >= 0));
  }

  private static String type(JsonNode part) {
    return part.path("type").asText("");
  }
}

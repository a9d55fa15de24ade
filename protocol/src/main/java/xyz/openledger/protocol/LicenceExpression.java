package xyz.openledger.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an SPDX expression says. AND binds more closely than OR, WITH more closely than both.
 *
 * <pre>
 *   either = both { OR both }        both = one { AND one }
 *   one    = identifier [ WITH identifier ] | ( either )
 * </pre>
 */
sealed interface LicenceExpression {
  /** The longest expression, the most licences in one, the most parentheses within one another. */
  int LETTERS_MAX = 512;

  int LICENCES_MAX = 16;
  int DEPTH_MAX = 8;

  /**
   * One licence.
   *
   * @param words as it was written, with single spaces
   */
  record One(String words) implements LicenceExpression {
    @Override
    public Set<String> missing(Set<String> allowed) {
      return allowed.contains(lowered(words)) ? Set.of() : Set.of(words);
    }
  }

  /** All of these hold. */
  record Both(List<LicenceExpression> parts) implements LicenceExpression {
    @Override
    public Set<String> missing(Set<String> allowed) {
      var all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      parts.forEach(part -> all.addAll(part.missing(allowed)));
      return all;
    }
  }

  /** One of these is chosen. */
  record Either(List<LicenceExpression> parts) implements LicenceExpression {
    @Override
    public Set<String> missing(Set<String> allowed) {
      Set<String> fewest = parts.getFirst().missing(allowed);
      for (LicenceExpression part : parts.subList(1, parts.size())) {
        Set<String> missing = part.missing(allowed);
        fewest = missing.size() < fewest.size() ? missing : fewest;
      }
      return fewest;
    }
  }

  /** The fewest licences that would have to be allowed besides; lower case is what is allowed. */
  Set<String> missing(Set<String> allowed);

  /** The same for all that are equal: in lower case, with single spaces. */
  static String lowered(String one) {
    return one.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }

  /**
   * Reads one.
   *
   * @throws ProblemException {@code invalid-request} if it is none, pointing at the character
   */
  static LicenceExpression read(String field, String source) {
    var reader = new Reader(field, Check.text(field, source, LETTERS_MAX));
    LicenceExpression whole = reader.either(0);
    reader.end();
    return whole;
  }

  /** Goes through an expression once, word by word. */
  final class Reader {
    private static final Pattern WORD = Pattern.compile("\\s*([()]|[^\\s()]+)");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+-]{0,63}");
    private static final Set<String> OPERATORS = Set.of("AND", "OR", "WITH");

    private final String field;
    private final String source;
    private final Matcher words;
    private String word = "";
    private int at;
    private int licences;

    Reader(String field, String source) {
      this.field = field;
      this.source = source;
      this.words = WORD.matcher(source);
      advance();
    }

    LicenceExpression either(int depth) {
      var parts = new ArrayList<>(List.of(both(depth)));
      while (word.equals("OR")) {
        advance();
        parts.add(both(depth));
      }
      return parts.size() == 1 ? parts.getFirst() : new Either(List.copyOf(parts));
    }

    private LicenceExpression both(int depth) {
      var parts = new ArrayList<>(List.of(one(depth)));
      while (word.equals("AND")) {
        advance();
        parts.add(one(depth));
      }
      return parts.size() == 1 ? parts.getFirst() : new Both(List.copyOf(parts));
    }

    private LicenceExpression one(int depth) {
      if (!word.equals("(")) {
        String licence = identifier("a licence");
        if (!word.equals("WITH")) {
          return new One(licence);
        }
        advance();
        return new One(licence + " WITH " + identifier("an exception"));
      }
      if (depth == DEPTH_MAX) {
        throw refusal("more than %d parentheses within one another".formatted(DEPTH_MAX));
      }
      advance();
      LicenceExpression inner = either(depth + 1);
      if (!word.equals(")")) {
        throw misplaced(")");
      }
      advance();
      return inner;
    }

    private String identifier(String what) {
      if (!IDENTIFIER.matcher(word).matches() || OPERATORS.contains(word)) {
        throw refusal(
            "expected %s: an SPDX identifier such as Apache-2.0, CC-BY-4.0 or LicenseRef-mine"
                .formatted(what));
      }
      if (word.equalsIgnoreCase(Licence.NONE_STATED)) {
        throw refusal(Licence.NONE_STATED + " is no licence; leave it out");
      }
      if (++licences > LICENCES_MAX) {
        throw refusal("may name %d licences and exceptions".formatted(LICENCES_MAX));
      }
      String identifier = word;
      advance();
      return identifier;
    }

    void end() {
      if (!word.isEmpty()) {
        throw misplaced("the end");
      }
    }

    private ProblemException misplaced(String end) {
      String operator = word.toUpperCase(Locale.ROOT);
      boolean small = !OPERATORS.contains(word) && OPERATORS.contains(operator);
      return refusal(
          small
              ? "write %s in capitals".formatted(operator)
              : "expected AND, OR or %s".formatted(end));
    }

    private void advance() {
      boolean more = words.find();
      word = more ? words.group(1) : "";
      at = more ? words.start(1) : source.length();
    }

    private ProblemException refusal(String sentence) {
      return Check.refusal(
          field,
          "%s, at character %d\n| %s\n| %s^"
              .formatted(sentence, at + 1, source.replaceAll("\\s", " "), ".".repeat(at)));
    }
  }
}

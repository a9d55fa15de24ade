package xyz.openledger.models.tokens;

import java.util.Set;

/**
 * The regular expressions by which tokenizers of the served families cut texts. The library has an
 * engine that backtracks, and ends the process where one takes too long: a stranger's expression
 * such as {@code (a|a|aa)+$} would end every answer of a node. So none but these is let through.
 */
final class KnownRegexes {
  private static final String ENDINGS = "'s|'t|'re|'ve|'m|'ll|'d";
  private static final String REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String FIRST = "[^\\r\\n\\p{L}\\p{N}]?";
  private static final String SLASHES =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final Set<String> KNOWN =
      Set.of(
          // GPT-2, and SmolLM behind its digits.
          ENDINGS + "| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          // Llama 3.
          "(?i:" + ENDINGS + ")|" + FIRST + "\\p{L}+|\\p{N}{1,3}" + REST,
          // Qwen2, Qwen3.
          "(?i:" + ENDINGS + ")|" + FIRST + "\\p{L}+|\\p{N}" + REST,
          // Mistral's later ones.
          FIRST + UPPER + "*" + LOWER + "+|" + FIRST + UPPER + "+" + LOWER + "*|\\p{N}" + SLASHES,
          // What came after Llama 3 elsewhere, in models of its shape.
          FIRST
              + UPPER
              + "*"
              + LOWER
              + "+(?i:"
              + ENDINGS
              + ")?|"
              + FIRST
              + UPPER
              + "+"
              + LOWER
              + "*(?i:"
              + ENDINGS
              + ")?|\\p{N}{1,3}"
              + SLASHES,
          "\\p{N}{1,3}",
          "\\p{N}",
          "\\d",
          "\\s+",
          " {2,}");

  private KnownRegexes() {}

  static boolean has(String regex) {
    return KNOWN.contains(regex);
  }

  /** All of them, for those who try them. */
  static Set<String> all() {
    return KNOWN;
  }
}

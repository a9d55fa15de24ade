package xyz.openledger.models.recipe;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns which pairs of symbols to join, most frequent first, from text. Symbols begin as bytes; of
 * pairs as frequent the first by name is taken, so the same text gives the same pairs.
 */
final class BytePairs {
  /** Two symbols that become one. */
  record Pair(String left, String right) implements Comparable<Pair> {
    String joined() {
      return left + right;
    }

    @Override
    public int compareTo(Pair other) {
      int order = left.compareTo(other.left);
      return order != 0 ? order : right.compareTo(other.right);
    }
  }

  /** Words with the blank before them, single digits, runs of signs, runs of blanks. */
  private static final Pattern WORDS =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?[^\\s\\p{L}\\p{N}]+|\\p{N}|\\s+(?!\\S)|\\s+");

  private BytePairs() {}

  /** The character that stands for a byte: itself where it can be seen, or one from 256 on. */
  static char symbol(int value) {
    int hidden = 256;
    for (int i = 0; i < 256; i++) {
      boolean seen = (i >= '!' && i <= '~') || (i >= 0xA1 && i <= 0xAC) || i >= 0xAE;
      if (i == value) {
        return (char) (seen ? i : hidden);
      }
      hidden += seen ? 0 : 1;
    }
    throw new IllegalArgumentException("no byte: " + value);
  }

  /** So many pairs, in the order in which they are to be joined. */
  static List<Pair> learn(List<String> texts, int pairs) {
    Map<List<String>, Integer> words = words(texts);
    var learnt = new ArrayList<Pair>();
    while (learnt.size() < pairs) {
      var counts = new TreeMap<Pair, Integer>();
      words.forEach(
          (word, count) -> {
            for (int i = 0; i + 1 < word.size(); i++) {
              counts.merge(new Pair(word.get(i), word.get(i + 1)), count, Integer::sum);
            }
          });
      Pair best = null;
      for (var entry : counts.entrySet()) {
        if (best == null || entry.getValue() > counts.getOrDefault(best, 0)) {
          best = entry.getKey();
        }
      }
      if (best == null) {
        throw new IllegalArgumentException("the text is too short for " + pairs + " pairs");
      }
      learnt.add(best);
      words = join(words, best);
    }
    return learnt;
  }

  private static Map<List<String>, Integer> words(List<String> texts) {
    var counts = new HashMap<String, Integer>();
    for (String text : texts) {
      Matcher matcher = WORDS.matcher(text);
      while (matcher.find()) {
        counts.merge(matcher.group(), 1, Integer::sum);
      }
    }
    var words = new HashMap<List<String>, Integer>();
    counts.forEach(
        (word, count) -> {
          var symbols = new ArrayList<String>();
          for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
            symbols.add(String.valueOf(symbol(value & 0xFF)));
          }
          words.merge(symbols, count, Integer::sum);
        });
    return words;
  }

  private static Map<List<String>, Integer> join(Map<List<String>, Integer> words, Pair pair) {
    var joined = new HashMap<List<String>, Integer>();
    words.forEach(
        (word, count) -> {
          var symbols = new ArrayList<String>();
          for (int i = 0; i < word.size(); i++) {
            boolean here =
                i + 1 < word.size()
                    && word.get(i).equals(pair.left)
                    && word.get(i + 1).equals(pair.right);
            symbols.add(here ? pair.joined() : word.get(i));
            i += here ? 1 : 0;
          }
          joined.merge(symbols, count, Integer::sum);
        });
    return joined;
  }
}

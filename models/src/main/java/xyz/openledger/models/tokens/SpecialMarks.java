package xyz.openledger.models.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import xyz.openledger.models.files.Refused;

/**
 * The texts that a tokenizer reads as one token wherever they stand, such as {@code <|end|>},
 * {@code </s>} or {@code [INST]}: its {@code added_tokens}. Whoever writes one into a message would
 * write the end of that message.
 */
final class SpecialMarks {
  /** The longest, in code points. */
  static final int LENGTH_MAX = 256;

  /** All of them together; models of the served families have some thousands. */
  static final int POINTS_MAX = 1 << 18;

  private final MarkAutomaton marks;

  private SpecialMarks(List<String> marks) {
    this.marks = new MarkAutomaton(marks);
  }

  /**
   * Those of a {@code tokenizer.json}.
   *
   * @throws xyz.openledger.protocol.ProblemException if they are too long
   */
  static SpecialMarks read(Path file) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      return read(json);
    }
  }

  static SpecialMarks read(JsonParser json) throws IOException {
    Set<String> marks = new TreeSet<>();
    long points = 0;
    int depth = 0;
    boolean added = false;
    for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
      if (token.isStructStart()) {
        depth++;
        added |= depth == 2 && "added_tokens".equals(json.currentName());
      } else if (token.isStructEnd()) {
        depth--;
        added &= depth >= 2;
      } else if (added
          && depth == 3
          && token == JsonToken.VALUE_STRING
          && "content".equals(json.currentName())
          && isMark(json.getText())
          && marks.add(json.getText())) {
        int length = points(json.getText());
        points += length;
        if (length > LENGTH_MAX || points > POINTS_MAX) {
          throw Refused.because(
              "tokenizer.json",
              "added_tokens: one has at most %d characters, all that are no words %d together"
                  .formatted(LENGTH_MAX, POINTS_MAX));
        }
      }
    }
    return of(List.copyOf(marks));
  }

  /** These. What has nothing but letters, digits and spaces is a word and no mark. */
  static SpecialMarks of(List<String> texts) {
    return new SpecialMarks(texts.stream().filter(SpecialMarks::isMark).toList());
  }

  static boolean isMark(String text) {
    return points(text) > 1
        && !text.isBlank()
        && text.chars().anyMatch(c -> !Character.isLetterOrDigit(c) && c != ' ');
  }

  private static int points(String text) {
    return text.codePointCount(0, text.length());
  }

  /**
   * The text with a space before the last character of each mark, so that it reads as what it says
   * and steers nothing. No mark is left in it: where a space would make another one, the character
   * goes.
   */
  String harmless(String text) {
    var read = new StringBuilder(text.length());
    int state = 0;
    for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1)) {
      int point = text.codePointAt(at);
      int next = marks.next(state, point);
      if (marks.ends(next)) {
        int apart = marks.next(state, ' ');
        next = marks.next(apart, point);
        if (marks.ends(apart) || marks.ends(next)) {
          continue;
        }
        read.append(' ');
      }
      read.appendCodePoint(point);
      state = next;
    }
    return read.toString();
  }
}

package xyz.openledger.models.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The texts that a tokenizer reads as one token wherever they stand, such as {@code <|end|>},
 * {@code </s>} or {@code [INST]}: its {@code added_tokens}. Whoever writes one into a message would
 * write the end of that message.
 */
final class SpecialMarks {
  private static final int MARKS_MAX = 100_000;

  private final List<String> marks;

  private SpecialMarks(List<String> marks) {
    this.marks = marks;
  }

  /** Those of a {@code tokenizer.json}. */
  static SpecialMarks read(Path file) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      return read(json);
    }
  }

  static SpecialMarks read(JsonParser json) throws IOException {
    Set<String> marks = new TreeSet<>();
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
          && marks.size() < MARKS_MAX) {
        marks.add(json.getText());
      }
    }
    return of(List.copyOf(marks));
  }

  /** These. What has nothing but letters, digits and spaces is a word and no mark. */
  static SpecialMarks of(List<String> texts) {
    return new SpecialMarks(
        texts.stream()
            .filter(text -> text.length() > 1)
            .filter(text -> text.chars().anyMatch(c -> !Character.isLetterOrDigit(c) && c != ' '))
            .filter(text -> !text.isBlank())
            .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(text -> text))
            .toList());
  }

  /** The text with a space in each mark, so that it reads as what it says and steers nothing. */
  String harmless(String text) {
    String read = text;
    for (String mark : marks) {
      if (read.contains(mark)) {
        int first = mark.offsetByCodePoints(0, 1);
        read = read.replace(mark, mark.substring(0, first) + " " + mark.substring(first));
      }
    }
    return read;
  }
}

package xyz.openledger.pools.expression;

import dev.cel.common.CelIssue;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.ProblemException;

/** Says what is wrong with an expression, and points at the character. */
final class Complaint {
  private static final Pattern NOISE = Pattern.compile(" \\(candidates: .*| \\(in container ''\\)");
  private static final Pattern PARSER =
      Pattern.compile(
          "(?s)(?:mismatched input|extraneous input|no viable alternative at input) '(.*?)'.*");
  private static final Pattern FIELD =
      Pattern.compile("(?<of>node|job)\\s*\\.\\s*(?<name>[A-Za-z_][A-Za-z0-9_]*)");
  private static final Set<String> UNDECLARED =
      Set.of("undeclared reference to 'node'", "undeclared reference to 'job'");
  private static final Pattern NUMBER = Pattern.compile("For input string: \"(.*)\".*");

  private Complaint() {}

  /** A complaint of CEL's own. */
  static ProblemException of(String field, String source, CelIssue issue) {
    int line = issue.getSourceLocation().getLine();
    int column = issue.getSourceLocation().getColumn();
    int offset = offset(source, line, column);
    String plain = NOISE.matcher(issue.getMessage()).replaceAll("");
    Matcher unknown = unknown(plain, source, offset);
    if (unknown == null) {
      return at(field, source, line, column, words(plain));
    }
    // CEL points at what stands before the dot, which is right.
    int name = source.codePointCount(0, unknown.start("name"));
    return at(field, source, name, noField(unknown));
  }

  /** A complaint about the character at {@code offset}, counted in code points. */
  static ProblemException at(String field, String source, int offset, String sentence) {
    int[] place = lineAndColumn(source, offset);
    return at(field, source, place[0], place[1], sentence);
  }

  /** Where the character at {@code offset} stands, such as {@code line 1, column 17}. */
  static String place(String source, int offset) {
    int[] place = lineAndColumn(source, offset);
    return "line %d, column %d".formatted(place[0], place[1] + 1);
  }

  /** The line from 1, the column from 0. */
  private static int[] lineAndColumn(String source, int offset) {
    int line = 1;
    int column = 0;
    int end = Math.min(offset, source.codePointCount(0, source.length()));
    for (int letter : source.codePoints().limit(end).toArray()) {
      column = letter == '\n' ? 0 : column + 1;
      line += letter == '\n' ? 1 : 0;
    }
    return new int[] {line, column};
  }

  private static ProblemException at(
      String field, String source, int line, int column, String sentence) {
    List<String> lines = source.lines().toList();
    String text = line >= 1 && line <= lines.size() ? lines.get(line - 1) : "";
    int place = Math.max(0, column);
    return Check.refusal(
        field,
        "%s, at line %d, column %d\n| %s\n| %s^"
            .formatted(
                sentence,
                Math.max(1, line),
                place + 1,
                text.replace('\t', ' '),
                ".".repeat(place)));
  }

  private static String words(String plain) {
    Matcher parser = PARSER.matcher(plain);
    if (parser.matches()) {
      return parser.group(1).equals("<EOF>")
          ? "the expression ends too early"
          : "'%s' does not belong here".formatted(parser.group(1));
    }
    Matcher number = NUMBER.matcher(plain);
    if (number.matches()) {
      return number.group(1) + " is more than 63 bits hold";
    }
    return switch (plain) {
      case "undeclared reference to 'node'" ->
          "node alone is no value; it has " + Vocabulary.fields();
      case "undeclared reference to 'job'" ->
          "job alone is no value; in the terms of a node it has " + JobExpression.fields();
      default ->
          plain.startsWith("undeclared reference to ")
              ? plain
                  + "; expressions speak of node and its fields, those of a node of job and its"
                  + " fields"
              : plain;
    };
  }

  /** The field that what CEL points at does not have; null if it is another complaint. */
  private static @Nullable Matcher unknown(String plain, String source, int offset) {
    Matcher field = FIELD.matcher(source).region(offset, source.length());
    return UNDECLARED.contains(plain) && field.lookingAt() ? field : null;
  }

  /** A job has other fields than a node, or none that a policy could speak of. */
  private static String noField(Matcher unknown) {
    String name = unknown.group("name");
    return unknown.group("of").equals("node")
        ? "node has no field " + name + "; it has " + Vocabulary.fields()
        : "job has no field "
            + name
            + " here; in the terms of a node it has "
            + JobExpression.fields();
  }

  /** Where a line and a column of code points are in {@code source}, in chars. */
  private static int offset(String source, int line, int column) {
    int start = 0;
    for (int i = 1; i < line && source.indexOf('\n', start) >= 0; i++) {
      start = source.indexOf('\n', start) + 1;
    }
    int rest = source.codePointCount(start, source.length());
    return source.offsetByCodePoints(start, Math.clamp(column, 0, rest));
  }
}

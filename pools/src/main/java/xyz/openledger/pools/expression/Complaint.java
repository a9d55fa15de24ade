package xyz.openledger.pools.expression;

import dev.cel.common.CelIssue;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.ProblemException;

/** Says what is wrong with an expression, and points at the character. */
final class Complaint {
  private static final Pattern NOISE = Pattern.compile(" \\(candidates: .*| \\(in container ''\\)");
  private static final Pattern PARSER =
      Pattern.compile(
          "(?s)(?:mismatched input|extraneous input|no viable alternative at input) '(.*?)'.*");
  private static final Pattern FIELD = Pattern.compile("node\\s*\\.\\s*([A-Za-z_][A-Za-z0-9_]*)");
  private static final Pattern JOB_FIELD =
      Pattern.compile("job\\s*\\.\\s*([A-Za-z_][A-Za-z0-9_]*)");
  private static final Pattern NUMBER = Pattern.compile("For input string: \"(.*)\".*");

  private Complaint() {}

  /** A complaint of CEL's own. */
  static ProblemException of(String field, String source, CelIssue issue) {
    int line = issue.getSourceLocation().getLine();
    int column = issue.getSourceLocation().getColumn();
    return at(field, source, line, column, words(issue.getMessage(), source, line, column));
  }

  /** A complaint about the character at {@code offset}, counted in code points. */
  static ProblemException at(String field, String source, int offset, String sentence) {
    int line = 1;
    int column = 0;
    int end = Math.min(offset, source.codePointCount(0, source.length()));
    for (int letter : source.codePoints().limit(end).toArray()) {
      column = letter == '\n' ? 0 : column + 1;
      line += letter == '\n' ? 1 : 0;
    }
    return at(field, source, line, column, sentence);
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

  private static String words(String message, String source, int line, int column) {
    String plain = NOISE.matcher(message).replaceAll("");
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
    if (plain.equals("undeclared reference to 'node'")) {
      List<String> lines = source.lines().toList();
      Matcher field = FIELD.matcher(lines.get(line - 1));
      String fields = "; it has " + Vocabulary.fields();
      return field.find(Math.max(0, Math.min(column, lines.get(line - 1).length())))
          ? "node has no field " + field.group(1) + fields
          : "node alone is no value" + fields;
    }
    if (plain.equals("undeclared reference to 'job'")) {
      return ofJob(source.lines().toList().get(line - 1), column);
    }
    return plain.startsWith("undeclared reference to ")
        ? plain
            + "; expressions speak of node and its fields, those of a node of job and its fields"
        : plain;
  }

  /** A job has other fields, or none that a policy could speak of. */
  private static String ofJob(String line, int column) {
    Matcher field = JOB_FIELD.matcher(line);
    String fields = "; in the terms of a node it has " + JobExpression.fields();
    return field.find(Math.max(0, Math.min(column, line.length())))
        ? "job has no field " + field.group(1) + " here" + fields
        : "job alone is no value" + fields;
  }
}

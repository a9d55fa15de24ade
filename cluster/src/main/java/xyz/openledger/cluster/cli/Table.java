package xyz.openledger.cluster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rows under a header, in columns as wide as their widest cell; numbers stand to the right. */
public final class Table {
  private static final Pattern NUMBER =
      Pattern.compile("-|[0-9][0-9.,]*( OPEN| KiB| MiB| GiB| B)?");
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  private Table(List<String> header) {
    rows.add(header);
  }

  /** A table with these columns. */
  public static Table of(String... columns) {
    return new Table(List.of(columns));
  }

  /** Adds a row of as many cells. */
  public Table row(Object... cells) {
    var row = new ArrayList<String>();
    for (Object cell : cells) {
      row.add(Text.printable(String.valueOf(cell)).replace('\n', ' '));
    }
    rows.add(row);
    return this;
  }

  /** Lines without trailing spaces, each ended. */
  public String text() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    boolean[] right = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      int at = column;
      widths[at] = rows.stream().mapToInt(row -> width(row.get(at))).max().orElse(0);
      right[at] =
          rows.size() > 1
              && rows.stream().skip(1).allMatch(row -> NUMBER.matcher(row.get(at)).matches());
    }
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        String cell = row.get(column);
        String padding = " ".repeat(widths[column] - width(cell));
        line.append(column == 0 ? "" : GAP);
        line.append(right[column] ? padding + cell : cell + padding);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** Names and values, one a line: a record instead of a list. */
  public static String fields(List<Field> fields) {
    int width = fields.stream().mapToInt(field -> width(field.name())).max().orElse(0);
    var text = new StringBuilder();
    for (Field field : fields) {
      String indented = Text.printable(field.value()).replace("\n", "\n" + " ".repeat(width + 2));
      text.append(field.name())
          .append(" ".repeat(width - width(field.name()) + 2))
          .append(indented)
          .append('\n');
    }
    return text.toString();
  }

  /** One line of {@link #fields}. */
  public record Field(String name, String value) {}

  /** A line of {@link #fields}: {@code name} with anything that can be written. */
  public static Field field(String name, Object value) {
    return new Field(name, String.valueOf(value));
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}

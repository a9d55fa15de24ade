package xyz.openledger.chainanchor.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Names one tile as C2SP tlog-tiles does: {@code 0/x001/x234/067} or {@code entries/003.p/17}.
 *
 * @param level of the tile; {@link #ENTRIES} for the leaves themselves
 * @param index of the tile in its level
 * @param width how many of its 256 places are asked for
 */
public record TilePath(int level, long index, int width) {
  /** Places of a full tile. */
  public static final int WIDTH = 256;

  /** Tree levels that one tile covers. */
  public static final int HEIGHT = 8;

  /** Stands for the leaves. */
  public static final int ENTRIES = -1;

  /** The most groups of three digits in a path: a log of 2.5 · 10¹¹ leaves. */
  private static final int GROUPS_MAX = 3;

  private static final int LEVEL_MAX = 7;
  private static final int GROUP = 1_000;
  private static final String WORD = "entries";
  private static final String PARTIAL = ".p";

  /**
   * Reads what stands after {@code /tile/}.
   *
   * @return empty for anything that {@link #text} would not write
   */
  public static Optional<TilePath> parse(String level, List<String> rest) {
    boolean known = level.equals(WORD) || level.matches("[0-" + LEVEL_MAX + "]");
    var groups = new ArrayList<>(rest);
    int width = WIDTH;
    if (groups.size() > 1 && groups.get(groups.size() - 2).endsWith(PARTIAL)) {
      String last = groups.removeLast();
      String number = groups.removeLast();
      groups.add(number.substring(0, number.length() - PARTIAL.length()));
      if (!last.matches("[1-9][0-9]{0,2}") || Integer.parseInt(last) >= WIDTH) {
        return Optional.empty();
      }
      width = Integer.parseInt(last);
    }
    if (!known || groups.isEmpty() || groups.size() > GROUPS_MAX) {
      return Optional.empty();
    }
    long index = 0;
    for (int i = 0; i < groups.size(); i++) {
      String group = groups.get(i);
      if (!group.matches(i < groups.size() - 1 ? "x[0-9]{3}" : "[0-9]{3}")) {
        return Optional.empty();
      }
      index = index * GROUP + Integer.parseInt(group.substring(group.length() - 3));
    }
    var path = new TilePath(level.equals(WORD) ? ENTRIES : Integer.parseInt(level), index, width);
    // A number has one form: x000/001 is not it.
    return path.text().equals(level + "/" + String.join("/", rest))
        ? Optional.of(path)
        : Optional.empty();
  }

  /** What stands after {@code /tile/}. */
  public String text() {
    var number = new StringBuilder(String.format(Locale.ROOT, "%03d", index % GROUP));
    for (long left = index / GROUP; left > 0; left /= GROUP) {
      number.insert(0, String.format(Locale.ROOT, "x%03d/", left % GROUP));
    }
    return (level == ENTRIES ? WORD : Integer.toString(level))
        + "/"
        + number
        + (width == WIDTH ? "" : PARTIAL + "/" + width);
  }
}

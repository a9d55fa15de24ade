package xyz.openledger.actors.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The classes that messages between members may hold, and their numbers: the lines of {@code
 * kryo-ids.txt}. A line is a number and a class name; lines are only added, at the end, with higher
 * numbers; a class that goes leaves its line behind as {@code number retired name}.
 */
final class KryoIds {
  /** Below it are the numbers of what every message may hold: see {@link KryoFactory}. */
  static final int FIRST = 100;

  private static final String RESOURCE = "kryo-ids.txt";

  record Line(int id, String className, boolean retired) {
    /**
     * The class of this line.
     *
     * @throws IllegalStateException when it is gone: the line must say retired then
     */
    Class<?> type() {
      try {
        return Class.forName(className);
      } catch (ClassNotFoundException gone) {
        throw new IllegalStateException(
            "%s: line %d names %s, which does not exist; mark it retired"
                .formatted(RESOURCE, id, className),
            gone);
      }
    }
  }

  private KryoIds() {}

  /** The lines of the product's file. */
  static List<Line> lines() {
    try (var in = KryoIds.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      return parse(new String(in.readAllBytes(), UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Reads lines; empty ones and those that start with # are skipped.
   *
   * @throws IllegalArgumentException when a number or a class stands twice, or out of order
   */
  static List<Line> parse(String text) {
    var lines = new ArrayList<Line>();
    var classes = new HashSet<String>();
    text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .forEach(line -> lines.add(parse(line, lines, classes)));
    return List.copyOf(lines);
  }

  private static Line parse(String text, List<Line> before, Set<String> classes) {
    var words = List.of(text.split("\\s+", -1));
    boolean retired = words.size() == 3 && words.get(1).equals("retired");
    if (words.size() != (retired ? 3 : 2) || !words.getFirst().matches("[0-9]{3,6}")) {
      throw new IllegalArgumentException(
          RESOURCE + ": expected \"number class\" or \"number retired class\": " + text);
    }
    var line = new Line(Integer.parseInt(words.getFirst()), words.getLast(), retired);
    int last = before.isEmpty() ? FIRST - 1 : before.getLast().id();
    if (line.id() <= last) {
      throw new IllegalArgumentException(
          "%s: %d stands after %d; numbers only grow".formatted(RESOURCE, line.id(), last));
    }
    if (!classes.add(line.className())) {
      throw new IllegalArgumentException(RESOURCE + ": " + line.className() + " stands twice");
    }
    return line;
  }
}

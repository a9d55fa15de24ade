package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The policies that come with a release, by name: those of {@code examples/policies}, and before
 * them those that a development network has written into its data directory with its own owners.
 */
record ReadyPolicies(Map<String, Path> files) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final String YAML = ".yaml";

  /** Those that {@code member} can see, sorted by name. */
  static ReadyPolicies seenBy(Member member) {
    var files = new TreeMap<String, Path>();
    Path home = member.shell().projectHome();
    if (home != null) {
      files.putAll(in(home.resolve("examples/policies")));
    }
    files.putAll(in(member.dataDirectory().resolve("policies")));
    return new ReadyPolicies(files);
  }

  /**
   * The file that a user meant by a path or by a name such as {@code greenest}; a path that is
   * there comes first.
   *
   * @param option what the user gave it with, for the refusal
   */
  static Path file(Member member, Path meant, String option) {
    Path path = member.shell().resolve(meant);
    if (Files.isRegularFile(path) || !NAME.matcher(meant.toString()).matches()) {
      return path;
    }
    Map<String, Path> ready = seenBy(member).files();
    Path file = ready.get(meant.toString());
    if (file == null) {
      throw CommandFailure.usage(
          "%s is neither a file nor one of the ready policies: %s"
              .formatted(meant, String.join(", ", ready.keySet())),
          option,
          "openledger policy list");
    }
    return file;
  }

  /** What a policy's first comment says of it, up to the end of its first sentence. */
  static String sentence(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      String comment =
          lines
              .takeWhile(line -> line.startsWith("#"))
              .map(line -> line.substring(1).strip())
              .collect(Collectors.joining(" "));
      int end = comment.indexOf(". ");
      return end < 0 ? comment : comment.substring(0, end + 1);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Map<String, Path> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Map.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> yaml = files.filter(file -> file.toString().endsWith(YAML)).toList();
      return yaml.stream().collect(Collectors.toMap(ReadyPolicies::name, file -> file));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - YAML.length());
  }
}

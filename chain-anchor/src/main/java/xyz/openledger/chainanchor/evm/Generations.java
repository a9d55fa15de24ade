package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The states of a development chain that can be started from. anvil rewrites one file in place, and
 * a kill in the middle leaves half of it; so copies that were read through are kept beside it.
 *
 * <pre>
 *   state.json              what anvil writes
 *   generations/17.json     copies that were read through, the last three
 *   state.json.refused      the last one of anvil's that could not be started from
 * </pre>
 *
 * A start takes a copy of a copy, so that none is used up by failing.
 */
record Generations(Path folder) {
  private static final int KEPT = 3;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What anvil loads and writes. */
  Path state() {
    return folder.resolve("state.json");
  }

  /** Keeps a copy of the state, durable, if it can be read. */
  void keep() throws IOException {
    if (!isReadable(state())) {
      return;
    }
    Path generations = Files.createDirectories(folder.resolve("generations"));
    List<Path> kept = copies();
    Path half = generations.resolve("new");
    // Read again: anvil may have begun to write while it was copied.
    Files.copy(state(), half, StandardCopyOption.REPLACE_EXISTING);
    if (isReadable(half)) {
      try (var channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      long next = kept.isEmpty() ? 1 : number(kept.getFirst()) + 1;
      Files.move(half, generations.resolve(next + ".json"), StandardCopyOption.ATOMIC_MOVE);
      for (Path old : kept.subList(Math.min(kept.size(), KEPT - 1), kept.size())) {
        Files.delete(old);
      }
    }
  }

  /** What can be tried, the best first: what anvil wrote, then the copies. */
  List<Path> newestFirst() throws IOException {
    var candidates = new ArrayList<Path>();
    candidates.add(state());
    candidates.addAll(copies());
    candidates.removeIf(candidate -> !isReadable(candidate));
    return candidates;
  }

  /** Puts aside what anvil would load; false if there is nothing. */
  boolean putAside() throws IOException {
    if (!Files.exists(state())) {
      return false;
    }
    Files.move(state(), refused(), StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  /** Undoes {@link #putAside}: what anvil wrote last is tried first the next time, too. */
  void putBack() throws IOException {
    Files.move(refused(), state(), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Has anvil load a copy of that copy. */
  void take(Path kept) throws IOException {
    Files.copy(kept, state(), StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Whether there was a chain with our contracts, by the file that names them, of which only states
   * are left that could not be started from.
   */
  boolean isLost(Path contracts) throws IOException {
    return Files.exists(contracts)
        && (isWritten(state()) || isWritten(refused()) || !copies().isEmpty());
  }

  /** The files that were tried, or would have been, by their names. */
  String tried() throws IOException {
    return Stream.concat(Stream.of(state(), refused()), copies().stream())
        .filter(Files::exists)
        .map(file -> folder.relativize(file).toString())
        .collect(Collectors.joining(", "));
  }

  private Path refused() {
    return folder.resolve("state.json.refused");
  }

  private List<Path> copies() throws IOException {
    Path generations = folder.resolve("generations");
    if (!Files.isDirectory(generations)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(generations)) {
      return new ArrayList<>(
          files
              .filter(file -> file.getFileName().toString().matches("[0-9]{1,18}\\.json"))
              .sorted(Comparator.comparingLong(Generations::number).reversed())
              .toList());
    }
  }

  private static long number(Path generation) {
    String name = generation.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  private static boolean isWritten(Path state) throws IOException {
    return Files.exists(state) && Files.size(state) > 0;
  }

  private static boolean isReadable(Path state) {
    try {
      return Files.exists(state)
          && Files.size(state) > 0
          && MAPPER.readTree(state.toFile()).isObject();
    } catch (IOException broken) {
      return false;
    }
  }
}

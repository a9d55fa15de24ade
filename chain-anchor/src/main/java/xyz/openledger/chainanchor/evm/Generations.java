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
import java.util.stream.Stream;

/**
 * The states of a development chain that can be started from. anvil rewrites one file in place, and
 * a kill in the middle leaves half of it; so copies that were read through are kept beside it.
 *
 * <pre>
 *   state.json              what anvil writes
 *   generations/17.json     copies that were read through, the last three
 *   state.json.refused      the last one that anvil did not start from
 * </pre>
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
    List<Path> kept = newestFirst();
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

  /** Makes sure that the state can be read, or is the newest copy that can, or is not there. */
  void restore() throws IOException {
    if (Files.exists(state()) && !isReadable(state())) {
      Files.move(state(), refused(), StandardCopyOption.REPLACE_EXISTING);
      restoreCopy();
    }
  }

  /**
   * Puts the state aside that anvil would not start from, and the newest copy in its place. A copy
   * is used up by this.
   *
   * @return false if there was no state, so that nothing else can be tried
   */
  boolean refuse() throws IOException {
    if (!Files.exists(state())) {
      return false;
    }
    Files.move(state(), refused(), StandardCopyOption.REPLACE_EXISTING);
    restoreCopy();
    return true;
  }

  private void restoreCopy() throws IOException {
    for (Path kept : newestFirst()) {
      if (isReadable(kept)) {
        Files.move(kept, state());
        return;
      }
    }
  }

  private Path refused() {
    return folder.resolve("state.json.refused");
  }

  private List<Path> newestFirst() throws IOException {
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

package xyz.openledger.cluster.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A peer in a JVM of its own that runs a round for each line it reads, and answers by a line. */
final class PeerProcess implements AutoCloseable {
  private static final String ANSWER = "round ";

  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  private PeerProcess(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts what {@code folder} holds: a file {@code command}, one argument a line. */
  static PeerProcess start(Path folder, List<String> arguments) throws IOException {
    var command = new ArrayList<>(Files.readAllLines(folder.resolve("command")));
    command.addAll(arguments);
    var log = folder.resolve("peer.log").toFile();
    return new PeerProcess(
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(log).start());
  }

  /**
   * Has it run a round.
   *
   * @param read makes of the figures that it answers what they mean
   */
  <T> T round(String order, int minutesMax, Function<List<String>, T> read) throws IOException {
    in.write(order + "\n");
    in.flush();
    try {
      String answer = CompletableFuture.supplyAsync(this::answer).get(minutesMax, TimeUnit.MINUTES);
      return read.apply(List.of(answer.substring(ANSWER.length()).split(" ")));
    } catch (ExecutionException | TimeoutException | NumberFormatException broken) {
      throw new IOException("the peer did not finish a round; its log is peer.log", broken);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }

  private String answer() {
    try {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(ANSWER)) {
          return line;
        }
      }
      throw new UncheckedIOException(new IOException("the peer ended"));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

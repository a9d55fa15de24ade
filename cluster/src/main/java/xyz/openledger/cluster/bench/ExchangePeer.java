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

/**
 * exchange-core in its own JVM, one round a line; {@code benchmarks/auction-beside-exchange-core}.
 */
final class ExchangePeer implements AutoCloseable {
  private static final String ANSWER = "round ";
  private static final int MINUTES_MAX = 5;

  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  private ExchangePeer(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts what {@code folder} holds: a file {@code command}, one argument a line. */
  static ExchangePeer start(Path folder, int orders, long seed) throws IOException {
    var command = new ArrayList<>(Files.readAllLines(folder.resolve("command")));
    command.add(Integer.toString(orders));
    command.add(Long.toString(seed));
    var log = folder.resolve("peer.log").toFile();
    return new ExchangePeer(
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(log).start());
  }

  /** Has it run a round. */
  AuctionReport.Run round(int orders) throws IOException {
    in.write("go\n");
    in.flush();
    try {
      String answer =
          CompletableFuture.supplyAsync(this::answer).get(MINUTES_MAX, TimeUnit.MINUTES);
      List<String> figures = List.of(answer.substring(ANSWER.length()).split(" "));
      return new AuctionReport.Run(
          Math.round(orders / Double.parseDouble(figures.get(0))),
          Math.round(orders / Double.parseDouble(figures.get(1))),
          Long.parseLong(figures.get(2)));
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

package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;

/**
 * A development chain: anvil as a child process, on loopback, with a block every second. It is a
 * real EVM with nobody behind it; its coins are worth nothing.
 *
 * <p>anvil writes its whole state every few seconds and can leave half of it when it is killed. So
 * the last state that could be read is kept in generations, and a start takes the newest that can
 * be read:
 *
 * <pre>
 *   chain/state.json              what anvil writes
 *   chain/generations/1.json …    copies that were read through, three of them
 * </pre>
 */
public final class DevChain implements AutoCloseable {
  /** The chain's number. */
  public static final long CHAIN_ID = 901;

  private static final int GENERATIONS = 3;
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
  private static final int STATE_INTERVAL_SECONDS = 2;

  private final Path anvil;
  private final Path folder;
  private final int port;
  private @Nullable Process process;

  private DevChain(Path anvil, Path folder, int port) {
    this.anvil = anvil;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Finds the program: {@code $ANVIL}, or where npm put it below the project.
   *
   * @throws IOException with the command that installs it
   */
  public static Path program(Path home) throws IOException {
    String named = System.getenv("ANVIL");
    Path installed =
        home.resolve("chain-anchor/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    Path found = named == null ? installed : Path.of(named);
    if (!Files.isExecutable(found)) {
      throw new IOException(
          "anvil, the development chain, is not at "
              + found
              + "; run: npm ci --ignore-scripts --prefix chain-anchor, or set ANVIL");
    }
    return found;
  }

  /** Starts a chain whose state is in {@code folder}, and waits until it answers. */
  public static DevChain start(Path anvil, Path folder, int port) throws IOException {
    var chain = new DevChain(anvil, folder, port);
    chain.start();
    return chain;
  }

  /** Where it answers. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Gives an account coins for gas. */
  public void fund(Address account) throws IOException {
    new JsonRpc(uri()).call("anvil_setBalance", account.value(), "0x" + "d3c21bcecceda1000000");
  }

  /** The running process, for those who kill it. */
  public long pid() {
    Process running = process;
    return running == null ? -1 : running.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Starts it again after it was killed; from the newest state that can be read. */
  public synchronized void restart() throws IOException {
    if (!isAlive()) {
      start();
    }
  }

  /** Keeps a copy of the state if it can be read. Call it every few seconds. */
  public synchronized void keepGeneration() throws IOException {
    Path state = folder.resolve("state.json");
    if (!readable(state)) {
      return;
    }
    Path generations = Files.createDirectories(folder.resolve("generations"));
    List<Path> kept = generations(generations);
    long next = kept.isEmpty() ? 1 : number(kept.getFirst()) + 1;
    Path half = generations.resolve("new");
    Files.copy(state, half, StandardCopyOption.REPLACE_EXISTING);
    if (readable(half)) {
      Files.move(half, generations.resolve(next + ".json"), StandardCopyOption.ATOMIC_MOVE);
      for (Path old : kept.subList(Math.min(kept.size(), GENERATIONS - 1), kept.size())) {
        Files.delete(old);
      }
    }
  }

  @Override
  public synchronized void close() {
    Process running = process;
    if (running == null) {
      return;
    }
    running.destroy();
    try {
      if (!running.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        running.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      running.destroyForcibly();
    }
    process = null;
  }

  private void start() throws IOException {
    Files.createDirectories(folder);
    Path state = folder.resolve("state.json");
    if (Files.exists(state) && !readable(state)) {
      Files.deleteIfExists(state);
      for (Path kept : generations(folder.resolve("generations"))) {
        if (readable(kept)) {
          Files.copy(kept, state);
          break;
        }
      }
    }
    process =
        new ProcessBuilder(
                anvil.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--chain-id",
                Long.toString(CHAIN_ID),
                "--block-time",
                "1",
                "--slots-in-an-epoch",
                "1",
                "--accounts",
                "0",
                "--state",
                state.toString(),
                "--state-interval",
                Integer.toString(STATE_INTERVAL_SECONDS),
                "--silent")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("anvil.log").toFile())
            .start();
    awaitAnswer();
  }

  private void awaitAnswer() throws IOException {
    var chain = new ChainClient(new JsonRpc(uri()));
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      if (!isAlive()) {
        throw new IOException("the development chain stopped; see " + folder.resolve("anvil.log"));
      }
      try {
        chain.chainId();
        return;
      } catch (IOException notYet) {
        if (System.nanoTime() > deadline) {
          close();
          throw new IOException("the development chain did not answer in 20 s", notYet);
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", interrupted);
      }
    }
  }

  private static List<Path> generations(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(
          files
              .filter(file -> file.getFileName().toString().matches("[0-9]+\\.json"))
              .sorted(Comparator.comparingLong(DevChain::number).reversed())
              .toList());
    }
  }

  private static long number(Path generation) {
    String name = generation.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  private static boolean readable(Path state) {
    try {
      return Files.size(state) > 0 && new ObjectMapper().readTree(state.toFile()).isObject();
    } catch (IOException broken) {
      return false;
    }
  }
}

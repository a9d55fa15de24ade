package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.json.Json;

/**
 * A development chain: anvil as a child process, on loopback, with a block every second. It is a
 * real EVM with nobody behind it; its coins are worth nothing.
 *
 * <p>It survives being killed, and its parent being killed: a start ends what a former run left
 * behind ({@link Orphan}), and takes the newest state that anvil accepts and that has our contracts
 * ({@link Generations}). What was lost since then is brought back by the outbox. Where our
 * contracts once were and no state is left that has them, it does not start: an empty chain in
 * their place would have none of the deposits, stakes and payouts that the journal counts on.
 */
public final class DevChain implements AutoCloseable {
  /** The chain's number. */
  public static final long CHAIN_ID = 901;

  private static final long GAS_NANO_COINS = 1_000_000_000_000_000L;
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
  private static final int STATE_INTERVAL_SECONDS = 2;

  private final Path anvil;
  private final Path folder;
  private final Generations generations;
  private final Orphan orphan;
  private final int port;
  private @Nullable Process process;

  private DevChain(Path anvil, Path folder, int port) {
    this.anvil = anvil;
    this.folder = folder;
    this.generations = new Generations(folder);
    this.orphan = new Orphan(folder.resolve("anvil.pid"));
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

  /** Gives an account a million coins, for gas. */
  public void fund(Address account) throws IOException {
    fund(account, GAS_NANO_COINS);
  }

  /** Has an account own that many of the chain's coins, in 10^-9 of one. */
  public void fund(Address account, long nanoCoins) throws IOException {
    new JsonRpc(uri())
        .call("anvil_setBalance", account.value(), "0x" + Words.wei(nanoCoins).toString(16));
  }

  /** Makes a block now, so that setting up need not wait a second for each transaction. */
  public void mine() throws IOException {
    new JsonRpc(uri()).call("evm_mine");
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
    generations.keep();
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
    orphan.end();
    requireFreePort();
    boolean aside = false;
    for (Path candidate : generations.newestFirst()) {
      if (!candidate.equals(generations.state())) {
        aside = aside || generations.putAside();
        generations.take(candidate);
      }
      launch();
      // The port was free, so if it ends it is the state that anvil does not like.
      if (answers() && hasOurContracts()) {
        return;
      }
      kill();
    }
    if (aside) {
      generations.putBack();
    }
    if (generations.isLost(contractsFile())) {
      throw new IOException(lost());
    }
    generations.putAside();
    launch();
    if (!answers()) {
      throw new IOException("anvil does not start; see " + folder.resolve("anvil.log"));
    }
  }

  private String lost() throws IOException {
    return ("none of the states of the development chain in %s can be started from (%s), and a"
            + " chain without them would be empty, though %s says that our contracts were"
            + " deployed; put a copy of state.json there, or start a new network: openledger"
            + " dev --fresh, or another data directory")
        .formatted(folder, generations.tried(), contractsFile().getFileName());
  }

  private Path contractsFile() {
    return Deployment.file(folder, CHAIN_ID);
  }

  /** Whether the receipt log's contract is where it was put, if it was. */
  private boolean hasOurContracts() throws IOException {
    Path file = contractsFile();
    return !Files.exists(file)
        || new ChainClient(new JsonRpc(uri()))
            .hasCode(Json.read(Files.readAllBytes(file), Contracts.class).anchorLog());
  }

  /** Ends it at once, so that it writes no state. */
  private void kill() throws IOException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      try {
        running.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", interrupted);
      }
    }
    process = null;
  }

  private void requireFreePort() throws IOException {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return;
    } catch (BindException taken) {
      throw new IOException(
          "port %d, for the development chain, is taken by another program".formatted(port), taken);
    }
  }

  private void launch() throws IOException {
    Process launched =
        new ProcessBuilder(
                anvil.toString(),
                "--host=127.0.0.1",
                "--port=" + port,
                "--chain-id=" + CHAIN_ID,
                "--block-time=1",
                "--slots-in-an-epoch=1",
                "--accounts=0",
                "--state=" + generations.state(),
                "--state-interval=" + STATE_INTERVAL_SECONDS,
                "--silent")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("anvil.log").toFile())
            .start();
    process = launched;
    orphan.note(launched);
  }

  /** Waits until it answers; false if it ended instead. */
  private boolean answers() throws IOException {
    var chain = new ChainClient(new JsonRpc(uri()));
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (isAlive()) {
      try {
        chain.chainId();
        return true;
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
    return false;
  }
}

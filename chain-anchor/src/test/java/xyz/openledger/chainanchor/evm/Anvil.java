package xyz.openledger.chainanchor.evm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.Observation;
import xyz.openledger.chainanchor.outbox.Outbox;
import xyz.openledger.chainanchor.outbox.OutboxEvent;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Secp256k1Key;

/** A development chain with our contracts, for tests: blocks come when they are needed. */
final class Anvil implements AutoCloseable {
  static final String ORIGIN = "openledger.xyz/log/test";
  static final long STAKE_NANO_OPEN = 5_000_000_000L;

  /** Votes are taken for a moment. */
  static final GovernanceTerms TERMS = new GovernanceTerms(1, 5, 100_000_000_000L, 25, 1, 2);

  final DevChain chain;
  final ChainClient client;
  final Wallet deployer;
  final Contracts contracts;
  final OutboxHands hands;
  private final Path folder;

  private final TransactionKey key;

  private Anvil(DevChain chain, Path folder, TransactionKey key) throws IOException {
    this.chain = chain;
    this.folder = folder;
    this.key = key;
    this.client = new ChainClient(new JsonRpc(chain.uri()));
    chain.fund(key.address());
    client.rpc().call("evm_setAutomine", true);
    this.deployer = new Wallet(client, key);
    this.contracts = ensure();
    this.hands = new OutboxHands(client, contracts, key);
    client.rpc().call("evm_setAutomine", false);
  }

  static Anvil start(Path folder) throws IOException {
    return new Anvil(
        DevChain.start(program(), folder.resolve("chain"), freePort()),
        folder,
        new TransactionKey(Secp256k1Key.generate(), DevChain.CHAIN_ID));
  }

  /** The same chain and key, looked at as a member that starts would. */
  Anvil again() throws IOException {
    return new Anvil(chain, folder, key);
  }

  void kill() throws Exception {
    var process = ProcessHandle.of(chain.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().get();
  }

  /** Waits until anvil has written the head as it is, and keeps a copy. */
  void keepGeneration() throws Exception {
    String head = Words.quantity(client.head().number());
    Path state = folder.resolve("chain/state.json");
    for (int i = 0; i < 200; i++) {
      if (Files.exists(state) && Files.readString(state).contains("\"number\":\"" + head + "\"")) {
        chain.keepGeneration();
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("anvil did not write its state");
  }

  Contracts ensure() throws IOException {
    return Deployment.ensure(
        client,
        deployer,
        folder.resolve("contracts.json"),
        ORIGIN,
        STAKE_NANO_OPEN,
        TERMS,
        Currency.TOKEN);
  }

  /** Who anchors. */
  TransactionKey key() {
    return key;
  }

  /** A wallet of somebody else, with gas. */
  Wallet wallet(Secp256k1Key key) throws IOException {
    chain.fund(key.address());
    return new Wallet(client, new TransactionKey(key, DevChain.CHAIN_ID));
  }

  void mine() throws IOException {
    client.rpc().call("evm_mine");
  }

  /** Lets a wallet have its way: its transactions are mined as they come. */
  void automine(boolean on) throws IOException {
    client.rpc().call("evm_setAutomine", on);
  }

  /** Hands that compare the chain's log with another. */
  OutboxHands hands(LongFunction<Optional<Digest>> rootAt) {
    return new OutboxHands(client, contracts, key, rootAt);
  }

  void run(Outbox outbox, BooleanSupplier done) throws IOException {
    run(hands, outbox, done);
  }

  /** Runs an outbox's loop, a block a round, until {@code done} or 200 rounds. */
  void run(OutboxHands own, Outbox outbox, BooleanSupplier done) throws IOException {
    for (int round = 0; round < 200 && !done.getAsBoolean(); round++) {
      round(own, outbox);
      mine();
    }
    if (!done.getAsBoolean()) {
      throw new AssertionError("not done after 200 blocks: " + outbox.rows());
    }
  }

  void round(Outbox outbox) throws IOException {
    round(hands, outbox);
  }

  private static void round(OutboxHands own, Outbox outbox) throws IOException {
    for (Observation seen : own.poll()) {
      write(outbox, outbox.observe(seen));
    }
    // Answers bring further actions, until there is nothing to do before the next block.
    for (int pass = 0; pass < 10; pass++) {
      for (Action action : outbox.actions(System.nanoTime() / 1_000_000)) {
        write(outbox, outbox.observe(own.carryOut(action)));
      }
    }
  }

  private static void write(Outbox outbox, Iterable<OutboxEvent> events) {
    events.forEach(outbox::apply);
  }

  /**
   * The program that npm installed; tests are skipped where its platform has none, but not in CI.
   */
  static Path program() {
    // From this module, or from one beside it.
    Path here = Path.of("node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    Path program = Files.exists(here) ? here : Path.of("../chain-anchor").resolve(here);
    boolean there = Files.isExecutable(program);
    if (!there && System.getenv("CI") != null) {
      throw new AssertionError(
          "anvil is not installed, and CI must not skip its tests: " + program);
    }
    assumeTrue(there, "anvil is not installed");
    return program;
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    chain.close();
  }
}

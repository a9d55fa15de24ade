package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.Contracts;
import xyz.openledger.chainanchor.evm.JsonRpc;
import xyz.openledger.chainanchor.evm.TransactionKey;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.cluster.cli.OpenLedger;
import xyz.openledger.cluster.configuration.MemberFile;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.cluster.witness.WitnessPolicy;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.api.ClaimRequest;
import xyz.openledger.protocol.api.NodeSummary;
import xyz.openledger.protocol.api.PoolSummary;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.KeyFile;

/** A member with its development chain, and machines that join it, each a process of its own. */
public final class LocalNetwork implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final int CLAIM_TTL_SECONDS = 600;

  /** Where the witness listens, from the port base. */
  static final int WITNESS_PORT = 46;

  private static final String WITNESS = "openledger.xyz/witness/development";

  /**
   * As the launcher starts an agent: it does little itself, so that thorough compiling costs more.
   */
  private static final List<String> MACHINE_FLAGS = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

  private final Path data;
  private final Programs programs;
  private final int portBase;
  private final Map<Machine, Process> machines = new LinkedHashMap<>();
  private @Nullable Process member;
  private @Nullable Process witness;
  private @Nullable OpenLedgerClient client;

  /** A network whose data is in {@code data}, on ports that are free now; starts nothing yet. */
  public LocalNetwork(Path data) throws IOException {
    this(data, Programs.freePortBase());
  }

  LocalNetwork(Path data, int portBase) throws IOException {
    this.data = data;
    this.portBase = portBase;
    this.programs = new Programs(data.resolve("run/logs"));
  }

  /** Starts the member with these pools; returns once it answers. */
  public void startMember(List<String> pools) throws IOException {
    startMember(pools, List.of());
  }

  /** The same with further options of the member. */
  void startMember(List<String> pools, List<String> options) throws IOException {
    Files.deleteIfExists(data.resolve("run/member.json"));
    Path witnesses = startWitness();
    var arguments =
        new ArrayList<>(
            List.of(
                "member",
                "--data-dir",
                data.toString(),
                "--port-base",
                Integer.toString(portBase),
                "--witnesses",
                witnesses.toString()));
    pools.forEach(pool -> arguments.addAll(List.of("--pool", pool)));
    arguments.addAll(options);
    Process started = programs.start("member", List.of("-Xmx1g"), OpenLedger.class, arguments);
    member = started;
    await(
        "the member",
        () -> {
          if (!started.isAlive()) {
            throw programs.stopped("member");
          }
          return MemberFile.read(data).isPresent();
        });
    MemberFile file = memberFile();
    client =
        OpenLedgerClient.connect(
            file.url(), Files.readString(data.resolve("keys/development-token")).strip());
  }

  /**
   * Starts the development witness, unless it runs. It is run by the same operator as the member,
   * so it shows how witnessing goes and proves nothing.
   *
   * @return the file that names it to the member
   */
  Path startWitness() throws IOException {
    Path key = data.resolve("keys/witness.pem");
    var named =
        new WitnessPolicy.Named(
            WitnessKey.of(WITNESS, KeyFile.ed25519(key).publicKey()),
            URI.create("http://127.0.0.1:" + (portBase + WITNESS_PORT)));
    Path policy = Files.createDirectories(data.resolve("run")).resolve("witnesses");
    Files.writeString(policy, new WitnessPolicy(List.of(named), 1).text());
    Files.writeString(data.resolve("keys/witness.vkey"), named.key() + "\n");
    if (witness == null || !witness.isAlive()) {
      witness =
          programs.start(
              "witness",
              List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
              OpenLedger.class,
              List.of(
                  "witness",
                  "--log",
                  "http://127.0.0.1:%d/log".formatted(portBase),
                  "--key",
                  key.toString(),
                  "--state",
                  data.resolve("witness").toString(),
                  "--name",
                  WITNESS,
                  "--port",
                  Integer.toString(portBase + WITNESS_PORT)));
    }
    return policy;
  }

  /** kill -9 of the witness. */
  void killWitness() {
    Process process = witness;
    if (process != null) {
      programs.kill(process);
      witness = null;
    }
  }

  /** Lets a machine join, in a process of its own; returns at once. */
  public void startMachine(Machine machine) throws IOException {
    Path folder = data.resolve("nodes").resolve(machine.machine());
    Process process;
    if (Files.exists(folder.resolve("keys"))) {
      process =
          programs.start(
              machine.machine(),
              MACHINE_FLAGS,
              machine.program(),
              List.of("run", "--data", folder.toString()));
    } else {
      String pool =
          client().network().pools().stream()
              .filter(known -> known.name().equals(machine.pool()))
              .map(PoolSummary::id)
              .findFirst()
              .orElseThrow()
              .value();
      String claim =
          client()
              .network()
              .claim(new ClaimRequest(pool, owner(machine), CLAIM_TTL_SECONDS))
              .code();
      process =
          programs.start(
              machine.machine(),
              MACHINE_FLAGS,
              machine.program(),
              machine.join(claim, folder.toString()));
    }
    machines.put(machine, process);
  }

  /** Waits until so many machines are ready to work. */
  public void awaitReady(int count) {
    await(
        "the machines",
        () -> {
          machines.forEach(
              (machine, process) -> {
                if (!process.isAlive()) {
                  throw programs.stopped(machine.machine());
                }
              });
          return ready() >= count;
        });
  }

  long ready() {
    return client().network().nodes(null).stream()
        .filter(node -> node.connected() && node.standing() == NodeSummary.Standing.READY)
        .count();
  }

  /** kill -9 of a machine, workers included. */
  void kill(Machine machine) {
    Process process = machines.remove(machine);
    if (process != null) {
      programs.kill(process);
    }
  }

  /** The worker processes of a machine, which do its tasks. */
  List<ProcessHandle> workers(Machine machine) {
    Process process = machines.get(machine);
    return process == null ? List.of() : process.descendants().toList();
  }

  /** kill -9 of the member. The development chain, its child, goes with it. */
  void killMember() {
    Process process = member;
    if (process != null) {
      programs.kill(process);
    }
  }

  /** The member's process, if it has been started. */
  Optional<ProcessHandle> memberHandle() {
    return Optional.ofNullable(member).map(Process::toHandle);
  }

  /** What to tell about a member that ended though nobody told it to. */
  String memberStopped() {
    return String.valueOf(programs.stopped("member").getMessage());
  }

  /** Stops machines and member as an operator would. */
  public void stop() {
    machines.values().forEach(Process::destroy);
    List.copyOf(machines.values()).forEach(programs::stop);
    machines.clear();
    Process process = member;
    if (process != null && process.isAlive()) {
      programs.stop(process);
    }
    Process cosigning = witness;
    if (cosigning != null && cosigning.isAlive()) {
      programs.stop(cosigning);
    }
  }

  /** What a machine's agent printed so far. */
  List<String> said(Machine machine) throws IOException {
    return Files.readAllLines(programs.log(machine.machine()));
  }

  /** The requester's way in, with the development tenant's token. */
  public OpenLedgerClient client() {
    OpenLedgerClient connected = client;
    if (connected == null) {
      throw new IllegalStateException("the member has not been started");
    }
    return connected;
  }

  /** A machine as the network lists it. */
  NodeSummary node(Machine machine) {
    return client().network().nodes(null).stream()
        .filter(node -> node.name().equals(machine.machine()))
        .findFirst()
        .orElseThrow();
  }

  /** The test account that a machine belongs to; its key is made on first use. */
  Address owner(Machine machine) {
    return KeyFile.secp256k1(data.resolve("keys/owner-" + machine.machine() + ".pem")).address();
  }

  Path data() {
    return data;
  }

  Path log(String name) {
    return programs.log(name);
  }

  MemberFile memberFile() {
    return MemberFile.read(data).orElseThrow();
  }

  ChainClient chain() {
    MemberFile file = memberFile();
    return new ChainClient(new JsonRpc(Objects.requireNonNull(file.rpcUrl())));
  }

  Contracts contracts() throws IOException {
    return Json.read(
        Files.readAllBytes(data.resolve("chain/contracts-" + chain().chainId() + ".json")),
        Contracts.class);
  }

  /** The requester's wallet, with a development key. */
  Wallet requester() throws IOException {
    return new Wallet(
        chain(),
        new TransactionKey(
            KeyFile.secp256k1(data.resolve("keys/development-requester.pem")), chain().chainId()));
  }

  /** Deposits for the development tenant and waits until it is credited. */
  public void deposit(long nanoOpen) throws IOException {
    client().accounts().depositTerms(MemberProcess.DEVELOPMENT_TENANT);
    requester().deposit(contracts(), MemberProcess.DEVELOPMENT_TENANT, nanoOpen);
    await(
        "the deposit",
        () ->
            client().accounts().show(MemberProcess.DEVELOPMENT_TENANT).availableNanoOpen()
                >= nanoOpen);
  }

  @Override
  public void close() {
    stop();
    programs.close();
  }

  /** Waits for something that must come. */
  public static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "waited " + START_TIMEOUT.toSeconds() + " s for " + what + " in vain");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for " + what, interrupted);
      }
    }
  }
}

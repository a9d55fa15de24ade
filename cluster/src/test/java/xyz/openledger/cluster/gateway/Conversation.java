package xyz.openledger.cluster.gateway;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.agent.Agent;
import xyz.openledger.nodes.agent.AgentHome;
import xyz.openledger.nodes.agent.AgentSettings;
import xyz.openledger.nodes.agent.Enrolment;
import xyz.openledger.nodes.agent.Membership;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.session.Backoff;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.protocol.ClaimCode;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.session.Benchmark;
import xyz.openledger.protocol.session.Inventory;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.QuietHours;
import xyz.openledger.protocol.session.Terms;

/** A gateway over TLS on loopback, a directory in memory, and agents that join it. */
final class Conversation implements AutoCloseable {
  static final Digest MODULE = Digest.of(new byte[] {1});
  static final Digest CODE = Digest.of(new byte[] {2});
  static final Duration HEARTBEAT = Duration.ofMillis(100);
  static final Duration GRACE = Duration.ofMillis(400);
  static final Inventory INVENTORY =
      new Inventory(
          "Linux", "amd64", "a CPU", List.of(), 2, 1L << 33, 1L << 34, List.of(), "process", "test",
          List.of());
  static final Benchmark BENCHMARK = new Benchmark(1_000_000_000, 500);

  final Path folder;
  final MemoryDirectory directory = new MemoryDirectory();
  final GatewayAuthority authority;
  NodeGateway gateway;
  final CuttableProxy proxy;
  final BlobHost blobs = new BlobHost();
  private final List<Runnable> closing = new ArrayList<>();

  Conversation(Path folder) throws IOException {
    this(folder, GatewaySettings.loopback(0).withPace(HEARTBEAT, GRACE));
  }

  Conversation(Path folder, GatewaySettings settings) throws IOException {
    this.folder = folder;
    this.authority = GatewayAuthority.open(folder.resolve("keys"));
    this.gateway = NodeGateway.start(settings, authority, directory);
    this.proxy = new CuttableProxy(gateway.port());
    blobs.add(new byte[] {1});
    directory.blobUrl = blobs.url();
  }

  ClaimCode claim() {
    return authority.claim(proxy.address(), directory.claim(ClaimCode.drawToken()));
  }

  Membership join(String name, Terms terms) {
    return join(name, terms, BENCHMARK);
  }

  Membership join(String name, Terms terms, Benchmark benchmark) {
    var home = new AgentHome(folder.resolve(name));
    try (var enrolment = Enrolment.of(claim(), home)) {
      return enrolment.enrol(INVENTORY, benchmark, terms);
    }
  }

  Agent start(String name, TaskRunner runner) {
    return start(name, runner, Clock.systemUTC());
  }

  Agent start(String name, TaskRunner runner, Clock clock) {
    var backoff = new Backoff(Duration.ofMillis(10), Duration.ofMillis(100));
    var settings = new AgentSettings(folder.resolve(name), INVENTORY, backoff, clock);
    Agent agent = Agent.start(settings, runner, _ -> {});
    closing.add(agent::close);
    return agent;
  }

  static Terms terms(String name) {
    return terms(name, null);
  }

  static Terms terms(String name, @Nullable QuietHours quiet) {
    return new Terms(name, 10, 4, 1 << 26, 100, "eu", 40, 65, quiet, Map.of());
  }

  static ReplicaId replica(int task) {
    // Each job has 256 tasks; the letters stand for any number of jobs.
    String letters = "abcdefghijklmnopqrstuvwxyz234567";
    int job = task / 256;
    String id = "a".repeat(23) + letters.charAt(job / 32) + letters.charAt(job % 32) + "a";
    return ReplicaId.parse("job-" + id + "/" + task % 256 + "/r0");
  }

  /** A lease whose fence is its number + 1. */
  static Lease lease(int number, boolean revealAtOnce) {
    return lease(number, number + 1, revealAtOnce);
  }

  static Lease lease(int number, long fence, boolean revealAtOnce) {
    byte[] input = ("input " + number).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return new Lease(
        replica(number),
        fence,
        MODULE,
        CODE,
        List.of(),
        Digest.of(input),
        input.length,
        ByteString.copyFrom(input),
        1_000,
        1 << 20,
        1 << 20,
        60_000,
        revealAtOnce,
        10);
  }

  /** Answers at once with the input as its output. */
  static TaskRunner echo() {
    return task -> CompletableFuture.completedFuture(completed(task.request().input()));
  }

  static TaskResult completed(byte[] output) {
    return new TaskResult.Completed(
        CODE, new Execution(Outcome.Status.FINISHED, 0, 7, output, "", 3));
  }

  void closeWithMe(Runnable other) {
    closing.add(other);
  }

  @Override
  public void close() throws IOException {
    closing.reversed().forEach(Runnable::run);
    gateway.close();
    proxy.close();
    blobs.close();
  }
}

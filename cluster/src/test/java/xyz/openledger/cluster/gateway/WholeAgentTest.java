package xyz.openledger.cluster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.nodes.agent.AgentMain;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.Standing;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.GatedModule;
import xyz.openledger.verification.gate.WasmGate;

/**
 * The agent as a process, with real workers in the machine's own sandbox, from claim code to
 * leaving.
 */
class WholeAgentTest {
  @TempDir Path folder;

  @Test
  void joinsWorksDiesComesBackAndLeaves() throws Exception {
    try (var conversation = new Conversation(folder)) {
      conversation.directory.standing = new Standing(Standing.State.JOINING, "");
      byte[] module = EchoModule.bytes();
      GatedModule gated = WasmGate.admit(module, GateLimits.DEFAULT);
      Digest digest = conversation.blobs.add(module);
      var agent =
          AgentCommand.start(
              folder.resolve("log"),
              "join",
              conversation.claim().text(),
              "--data",
              folder.resolve("ada").toString(),
              "--name",
              "ada",
              "--slots",
              "2",
              "--memory-per-slot",
              "64Mi",
              "--label",
              "rack=3");
      conversation.closeWithMe(agent::destroyForcibly);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !conversation.directory.sessions.isEmpty() || !agent.isAlive());
      assertThat(agent.isAlive()).as(AgentCommand.output(folder.resolve("log"))).isTrue();
      var session = conversation.directory.last();
      assertThat(session.hello.terms().labels()).containsEntry("rack", "3");
      assertThat(session.hello.benchmark().fuelPerCpuSecond()).isGreaterThan(1_000_000);

      List<Lease> leases =
          IntStream.range(0, 30)
              .mapToObj(number -> EchoModule.lease(number, digest, gated.code()))
              .toList();
      session.lease(leases);

      await().atMost(Duration.ofSeconds(30)).until(() -> session.reveals().size() == 30);
      assertThat(session.faults()).isEmpty();
      assertThat(session.foreignTasks()).isZero();
      assertThat(session.reveals())
          .allSatisfy(
              reveal ->
                  assertThat(reveal.inlineOutput())
                      .isEqualTo(leases.get(reveal.replica().task().index()).inlineInput()));
      session.hub.send(
          new xyz.openledger.protocol.session.HubMessage.StandingChanged(
              new Standing(Standing.State.READY, "")));
      await().until(() -> AgentCommand.output(folder.resolve("log")).contains("✓ ready"));

      // The machine dies in the middle of work, and comes back as if nothing had been promised.
      session.lease(List.of(EchoModule.lease(30, digest, gated.code())));
      agent.destroyForcibly();
      await().until(() -> session.ending().equals(Optional.of(SessionSink.Ending.LOST)));
      var second =
          AgentCommand.start(
              folder.resolve("log2"), "run", "--data", folder.resolve("ada").toString());
      conversation.closeWithMe(second::destroyForcibly);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> conversation.directory.sessions.size() == 2 || !second.isAlive());
      assertThat(second.isAlive()).as(AgentCommand.output(folder.resolve("log2"))).isTrue();
      var next = conversation.directory.last();
      assertThat(next.hello.held()).isEmpty();
      assertThat(next.hello.fenceSeen()).isGreaterThanOrEqualTo(30);
      next.lease(List.of(EchoModule.lease(31, next.hello.fenceSeen() + 1, digest, gated.code())));
      await().atMost(Duration.ofSeconds(30)).until(() -> next.reveals().size() == 1);

      // The agent writes how it is with each heartbeat.
      await().until(() -> status(folder.resolve("ada")).contains("1 answered"));
      assertThat(status(folder.resolve("ada"))).contains("link      up");
      var out = new StringWriter();
      assertThat(run(out, "leave", "--data", folder.resolve("ada").toString())).isZero();
      assertThat(second.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(second.exitValue()).isZero();
      assertThat(next.left()).containsExactly(true);
      assertThat(AgentCommand.output(folder.resolve("log")))
          .contains("✓ reached", "✓ benchmarked", "✓ enrolled", "✓ challenge verified");
    }
  }

  private static String status(Path data) {
    var out = new StringWriter();
    assertThat(run(out, "status", "--data", data.toString())).isZero();
    return out.toString();
  }

  private static int run(StringWriter out, String... arguments) {
    return AgentMain.command(runner -> runner)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(out, true))
        .execute(arguments);
  }

  @Test
  void unitIsCompleteAndNamesTheData() {
    var out = new StringWriter();

    assertThat(run(out, "unit", "--data", "/var/lib/openledger/node", "--user", "ada")).isZero();

    assertThat(out.toString().lines())
        .contains(
            "ExecStart=/usr/local/bin/openledger node run --data /var/lib/openledger/node",
            "User=ada",
            "ReadWritePaths=/var/lib/openledger/node",
            "NoNewPrivileges=yes");
  }

  @Test
  void mistakesEndWithTheirExitCode() throws Exception {
    var out = new StringWriter();
    assertThat(run(out, "join", "olc1-nonsense")).isEqualTo(2);
    assertThat(run(out, "run", "--data", folder.resolve("nobody").toString())).isEqualTo(1);
    assertThat(run(out, "frobnicate")).isEqualTo(2);
    try (var conversation = new Conversation(folder)) {
      String claim = conversation.claim().text();
      String data = folder.resolve("ada").toString();
      conversation.directory.open.clear();
      assertThat(run(out, "join", claim, "--data", data, "--slots", "1")).isEqualTo(3);
      conversation.proxy.close();
      assertThat(run(out, "join", claim, "--data", data, "--slots", "1")).isEqualTo(4);
      assertThat(run(out, "join", claim, "--data", data, "--slots", "0")).isEqualTo(2);
      assertThat(run(out, "join", claim, "--data", data, "--quiet-hours", "late")).isEqualTo(2);
    }
  }
}

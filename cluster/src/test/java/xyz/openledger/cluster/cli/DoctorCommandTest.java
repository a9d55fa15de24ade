package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.cli.doctor.Finding;
import xyz.openledger.cluster.cli.doctor.Machine;
import xyz.openledger.cluster.cli.doctor.Network;
import xyz.openledger.protocol.client.ClientSettings;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.json.Json;

class DoctorCommandTest {
  private static final Set<String> CHECKS =
      Set.of(
          "jdk",
          "node",
          "npm",
          "maven",
          "sandbox",
          "kubernetes",
          "disk",
          "clock",
          "ports",
          "member");

  @TempDir Path folder;

  @Test
  void looksAtEverythingAndExitsByTheWorst() {
    var result = new TestShell(folder).run("doctor", "-o", "json");

    var findings = Json.tree(result.out().getBytes(StandardCharsets.UTF_8));
    assertThat(findings.findValuesAsText("check")).containsExactlyInAnyOrderElementsOf(CHECKS);
    for (var finding : findings) {
      boolean fine = finding.path("level").asText().equals("ok");
      assertThat(finding.path("fix").asText().isEmpty()).as(finding.toString()).isEqualTo(fine);
    }
    boolean failed = findings.findValuesAsText("level").contains("failure");
    assertThat(result.exitCode()).isEqualTo(failed ? ExitCode.FAILED : ExitCode.OK);
  }

  @Test
  void noticesAPortThatIsTaken() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var ports = Map.of("http", taken.getLocalPort());

      assertThat(Machine.ports(ports, false).level()).isEqualTo(Finding.Level.WARNING);
      assertThat(Machine.ports(ports, false).fix()).contains("--port-base");
      assertThat(Machine.ports(ports, true).level()).isEqualTo(Finding.Level.OK);
    }
  }

  @Test
  void noticesAClockFromBeforeThisProgram() {
    assertThat(Machine.clock(Instant.EPOCH).level()).isEqualTo(Finding.Level.FAILURE);
    assertThat(Machine.clock(Instant.parse("2030-01-01T00:00:00Z")).level())
        .isEqualTo(Finding.Level.OK);
  }

  @Test
  void saysWhatAMemberIsNotReadyFor() {
    try (var member = new CannedMember()) {
      member.on(
          "GET /ready",
          503,
          "{\"ready\":false,\"checks\":[{\"name\":\"chain\",\"ok\":false,\"detail\":\"away\"}]}");

      var finding = Network.member(client(member.url()), true);

      assertThat(finding.level()).isEqualTo(Finding.Level.FAILURE);
      assertThat(finding.detail()).contains("chain: away");
    }
  }

  @Test
  void tellsAChainFromSomethingElse() {
    try (var rpc = new CannedMember()) {
      rpc.on("POST /", 200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x7a69\"}");
      assertThat(Network.chain(URI.create(rpc.url() + "/")).detail()).contains("chain 31337");

      rpc.on("POST /", 200, "<html>");
      assertThat(Network.chain(URI.create(rpc.url() + "/")).level())
          .isEqualTo(Finding.Level.FAILURE);
    }
  }

  private static OpenLedgerClient client(URI url) {
    return OpenLedgerClient.connect(ClientSettings.of(url, null).withoutRetries());
  }
}

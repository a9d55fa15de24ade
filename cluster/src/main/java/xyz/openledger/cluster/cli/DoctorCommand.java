package xyz.openledger.cluster.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.cli.doctor.Finding;
import xyz.openledger.cluster.cli.doctor.Machine;
import xyz.openledger.cluster.cli.doctor.Network;
import xyz.openledger.cluster.cli.doctor.Tools;
import xyz.openledger.cluster.configuration.MemberFile;
import xyz.openledger.protocol.client.ClientSettings;
import xyz.openledger.protocol.client.OpenLedgerClient;

@Command(
    name = "doctor",
    description =
        "Looks whether this machine can run and reach a network, and says what would help.",
    footer = "%nExample: openledger doctor -o json")
final class DoctorCommand implements Callable<Integer> {
  @Mixin Member member;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description = "a chain to try (default: that of the running member)")
  @Nullable URI rpc;

  DoctorCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    List<Finding> findings = findings();
    member.print(findings, () -> text(findings));
    boolean failed = findings.stream().anyMatch(f -> f.level() == Finding.Level.FAILURE);
    return failed ? ExitCode.FAILED : ExitCode.OK;
  }

  private List<Finding> findings() {
    Path data = member.dataDirectory();
    Optional<MemberFile> running = member.memberFile();
    boolean expected = running.isPresent() || member.askedUrl() != null;
    var findings =
        new ArrayList<>(
            List.of(
                Tools.jdk(),
                Tools.node(),
                Tools.npm(),
                Tools.maven(),
                Tools.sandbox(),
                Tools.kubernetes(),
                Machine.disk(data),
                Machine.clock(Instant.now())));
    Finding reached =
        Network.member(
            OpenLedgerClient.connect(ClientSettings.of(member.url(), null).withoutRetries()),
            expected);
    boolean up = reached.level() == Finding.Level.OK;
    findings.add(Machine.ports(Machine.PORTS, up));
    findings.add(reached);
    if (up) {
      findings.add(Network.token(member.client()));
    }
    chain(running).ifPresent(url -> findings.add(Network.chain(url)));
    return List.copyOf(findings);
  }

  private Optional<URI> chain(Optional<MemberFile> running) {
    return rpc != null ? Optional.of(rpc) : running.map(MemberFile::rpcUrl);
  }

  private static String text(List<Finding> findings) {
    var table = Table.of("CHECK", "STATE", "FOUND");
    for (Finding finding : findings) {
      table.row(finding.check(), finding.level().word(), finding.detail());
    }
    var text = new StringBuilder(table.text());
    findings.stream()
        .filter(finding -> !finding.fix().isEmpty())
        .forEach(finding -> text.append("\n%s: try  %s".formatted(finding.check(), finding.fix())));
    return text.isEmpty() || findings.stream().allMatch(f -> f.fix().isEmpty())
        ? text.toString()
        : text.append('\n').toString();
  }
}

package xyz.openledger.cluster.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.actors.audit.AuditReport;
import xyz.openledger.cluster.audit.AuditRun;

@Command(
    name = "audit",
    description = "Rebuilds everything from journal and chain and compares; stop the member first.",
    subcommands = {AuditExportCommand.class, AuditCheckCommand.class},
    footer = "%nExample: openledger audit --data-dir .openledger")
final class AuditCommand implements Callable<Integer> {
  @Mixin private final Member member;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description = "the chain (default: the development chain of the data directory)")
  @Nullable URI rpc;

  AuditCommand(Shell shell) {
    member = new Member(shell);
  }

  @Override
  public Integer call() throws Exception {
    Path data = member.dataDirectory().toAbsolutePath();
    Path home = member.shell().projectHome();
    AuditReport report =
        rpc != null
            ? AuditRun.of(data, rpc)
            : AuditRun.of(data, home == null ? member.shell().workingDirectory() : home);
    member.print(report, () -> String.join("\n", AuditRun.text(report)) + "\n");
    if (report.findings().isEmpty()) {
      member.shell().note("nothing is wrong");
      return ExitCode.OK;
    }
    return ExitCode.FALSE;
  }
}

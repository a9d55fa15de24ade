package xyz.openledger.nodes.agent;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "unit",
    description = "Prints a systemd unit that keeps this machine's agent running.")
final class UnitCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  CommandSpec spec;

  @Mixin DataOptions data = new DataOptions();

  @Option(names = "--name", paramLabel = "NAME", description = "what you call this machine")
  String name = TermsOptions.hostName();

  @Option(
      names = "--launcher",
      paramLabel = "FILE",
      description = "the openledger program (default ${DEFAULT-VALUE})")
  Path launcher = Path.of("/usr/local/bin/openledger");

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "the account it runs as (default ${DEFAULT-VALUE})")
  String user = "openledger";

  @Override
  public Integer call() {
    Path folder = data.home(name).folder();
    spec.commandLine().getOut().println(unit(launcher.toAbsolutePath(), user, folder));
    return ExitCode.OK;
  }

  static String unit(Path launcher, String user, Path folder) {
    return """
    # /etc/systemd/system/openledger-node.service
    # After 'node join --enrol-only': systemctl enable --now openledger-node

    [Unit]
    Description=OpenLedger node
    After=network-online.target
    Wants=network-online.target

    [Service]
    ExecStart=%s node run --data %s
    User=%s
    Restart=on-failure
    RestartSec=5
    # 2 is a mistake in the command, 3 a refusal by the network: coming back does not help.
    RestartPreventExitStatus=2 3
    TimeoutStopSec=15
    KillMode=mixed
    UMask=0077

    # The machine's owner comes first.
    Nice=10
    CPUWeight=20
    IOWeight=20
    OOMScoreAdjust=500
    TasksMax=4096
    # Workers get control groups of their own below this one.
    Delegate=yes

    # What the agent may touch. Programs of strangers are confined once more, by bubblewrap: it needs
    # user namespaces and an unmasked /proc, so RestrictNamespaces, ProtectProc and
    # ProtectKernelTunables stay off; Java needs writable code pages.
    ProtectSystem=strict
    ReadWritePaths=%s
    ProtectHome=%s
    PrivateTmp=yes
    NoNewPrivileges=yes
    CapabilityBoundingSet=
    AmbientCapabilities=
    RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
    RestrictRealtime=yes
    RestrictSUIDSGID=yes
    LockPersonality=yes
    ProtectClock=yes
    ProtectHostname=yes
    ProtectKernelModules=yes
    SystemCallArchitectures=native

    [Install]
    WantedBy=multi-user.target
    """
        .stripTrailing()
        .formatted(
            quoted(launcher),
            quoted(folder),
            user,
            quoted(folder),
            folder.startsWith("/home") || folder.startsWith("/root") ? "no" : "yes");
  }

  /** systemd splits at spaces, and reads percent signs as specifiers. */
  private static String quoted(Path path) {
    String text = path.toString().replace("%", "%%").replace("\\", "\\\\").replace("\"", "\\\"");
    return text.contains(" ") ? "\"" + text + "\"" : text;
  }
}

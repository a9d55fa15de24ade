package xyz.openledger.cluster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.demo.DevRun;

@Command(
    name = "dev",
    description = "Starts a whole network on this machine and leaves it up until Ctrl-C.",
    footer = "%nExample: openledger dev --fresh")
final class DevCommand implements Callable<Integer> {
  private static final int PORT_BASE = 7_400;

  @Mixin private final Member member;

  @Option(names = "--fresh", description = "forget the network of the last time")
  boolean fresh;

  @Option(
      names = "--port-base",
      paramLabel = "PORT",
      description = "HTTP; gateway and cluster follow, chain is +45 (default 7400)")
  int portBase = PORT_BASE;

  DevCommand(Shell shell) {
    member = new Member(shell);
  }

  @Override
  public Integer call() throws Exception {
    DevRun.run(member.shell().err(), member.dataDirectory().toAbsolutePath(), portBase, fresh);
    return ExitCode.OK;
  }
}

package xyz.openledger.cluster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.api.ModelView;

@Command(
    name = "withdraw",
    description = "Serves a model or adapter no more; what runs goes on.",
    footer = "%nExample: openledger model withdraw tiny:pirate")
final class ModelWithdrawCommand implements Callable<Integer> {
  @Mixin Member member;

  @Parameters(paramLabel = "NAME", description = "base, or base:adapter")
  String name = "";

  ModelWithdrawCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    ModelView gone = member.client().models().withdraw(name);
    member.print(gone, () -> gone.name() + " is served no more\n");
    return ExitCode.OK;
  }
}

package xyz.openledger.cluster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.protocol.api.ModelView;

@Command(
    name = "list",
    description = "Lists the models and adapters that the network serves.",
    footer = "%nExample: openledger model list")
final class ModelListCommand implements Callable<Integer> {
  @Mixin Member member;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "how many (default 50)")
  int limit;

  ModelListCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    List<ModelView> models = member.client().models().models().stream().limit(limit).toList();
    member.print(
        models,
        () ->
            models.isEmpty()
                ? "no model is served; openledger model publish DIR\n"
                : ModelPublishCommand.text(models));
    return ExitCode.OK;
  }
}

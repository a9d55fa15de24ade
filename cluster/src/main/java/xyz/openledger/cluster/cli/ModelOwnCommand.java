package xyz.openledger.cluster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.client.ModelClient;

@Command(
    name = "own",
    description = "Names the account that gets a model's part of what its jobs pay.",
    footer = {
      "",
      "Who published the name says so; jobs that are submitted from then on pay it. The part is"
          + " what governance gives to models (feeSplit).",
      "",
      "Example: openledger model own tiny:pirate 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
    })
final class ModelOwnCommand implements Callable<Integer> {
  @Mixin Member member;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "of a model or adapter that is served")
  String name = "";

  @Parameters(index = "1", paramLabel = "ADDRESS", description = "of the owner")
  String owner = "";

  ModelOwnCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    Address account = Address.parse(owner);
    ModelClient models = member.client().models();
    ModelView model =
        models.models().stream()
            .filter(each -> each.name().equals(name))
            .findAny()
            .orElseThrow(
                () ->
                    CommandFailure.usage(
                        "no model " + name + " is served", "NAME", "openledger model list"));
    List<ModelView> served =
        models.publish(List.of(new ModelPublication.Named(name, model.manifest(), account)));
    member.print(served, () -> ModelPublishCommand.text(served));
    return ExitCode.OK;
  }
}

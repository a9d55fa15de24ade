package xyz.openledger.cluster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.demo.InferenceDemo;

@Command(
    name = "inference",
    description =
        "Serves a model and a thousand adapters, catches a cheat, trains an adapter in pieces.",
    footer = {
      "",
      "Four machines of this one serve; one rounds weights, one skips steps of trainings; questions"
          + " go through the OpenAI API.",
      "",
      "Example: openledger demo inference"
    })
final class DemoInferenceCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--adapters",
      paramLabel = "N",
      defaultValue = "1000",
      description = "how many invented adapters are served (default 1000)")
  int adapters;

  DemoInferenceCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    if (adapters < 16 || adapters > 10_000) {
      throw CommandFailure.usage("from 16 to 10000 adapters", "--adapters", "");
    }
    return InferenceDemo.run(shell.out(), shell.workingDirectory(), adapters)
        ? ExitCode.OK
        : ExitCode.FAILED;
  }
}

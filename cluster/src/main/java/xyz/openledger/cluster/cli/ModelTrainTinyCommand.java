package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.models.recipe.Style;
import xyz.openledger.models.recipe.TinyModelFolder;
import xyz.openledger.models.recipe.TinyRecipe;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

@Command(
    name = "train-tiny",
    description = "Makes the tiny model that ships, and its adapters, again from the recipe.",
    footer = {
      "",
      "Text, tokenizer, weights and adapters follow from one seed. With all steps the bytes are",
      "those in examples/models; fewer steps are for looking on. It takes minutes.",
      "",
      "Example: openledger model train-tiny --out /tmp/models --steps 20"
    })
final class ModelTrainTinyCommand implements Callable<Integer> {
  @Mixin Output output;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "gets tiny/ and adapters/")
  Path out = Path.of("");

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "so many of the recipe's steps (default: all, and the adapters)")
  int steps = TinyRecipe.SETTINGS.steps();

  @Option(
      names = "--adapters-only",
      description = "take tiny/ as it is there, and train its adapters")
  boolean adaptersOnly;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads; the bits do not depend on them (default: all)")
  int threads = Runtime.getRuntime().availableProcessors();

  ModelTrainTinyCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws IOException {
    int all = TinyRecipe.SETTINGS.steps();
    if (steps < 1 || steps > all) {
      throw CommandFailure.usage("the recipe has 1 to " + all + " steps", "--steps", "");
    }
    if (threads < 1 || threads > 256) {
      throw CommandFailure.usage("there are 1 to 256 threads", "--threads", "");
    }
    Shell shell = output.shell();
    Path folder = shell.resolve(out);
    var tiny = new TinyModelFolder(folder.resolve("tiny"));
    StrictKernels kernels = StrictKernels.best();
    shell.note("kernels: " + kernels.name());
    Map<String, Digest> made = new LinkedHashMap<>();
    if (!adaptersOnly) {
      made.put("tiny", tiny.train(kernels, threads, steps, new TrainingLines(shell, steps)));
    }
    if (steps == all) {
      for (Style style : Style.values()) {
        shell.note("adapter " + style.folder());
        Path adapter = folder.resolve("adapters").resolve(style.folder());
        int adapterSteps = TinyModelFolder.settings(style).steps();
        made.put(
            style.folder(),
            tiny.trainAdapter(
                kernels, threads, style, adapter, new TrainingLines(shell, adapterSteps)));
        Path data =
            Files.createDirectories(folder.resolve("data")).resolve(style.folder() + ".jsonl");
        Files.writeString(data, TinyModelFolder.lines(style));
      }
    }
    output.print(made, () -> text(made));
    return ExitCode.OK;
  }

  private static String text(Map<String, Digest> made) {
    var text = new StringBuilder();
    made.forEach((name, digest) -> text.append("%-10s %s%n".formatted(name, digest)));
    return text.toString();
  }
}

package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.models.Model;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.engine.EngineSettings;
import xyz.openledger.models.engine.InferenceEngine;
import xyz.openledger.models.engine.InferenceRequest;
import xyz.openledger.models.engine.InferenceResult;
import xyz.openledger.models.recipe.Conversation;
import xyz.openledger.nativekernels.strict.StrictKernels;

@Command(
    name = "ask",
    description = "Asks a model on this machine, with an adapter or without.",
    footer = {
      "",
      "The likeliest answer is given, and the digest over tokens and logits: equal wherever it is"
          + " asked.",
      "",
      "Example: openledger model ask Hello --adapter pirate"
    })
final class ModelAskCommand implements Callable<Integer> {
  private static final long CACHE_BYTES = 64L << 20;
  private static final long SLAB_BYTES = 16L << 20;

  @Mixin Output output;

  @Parameters(paramLabel = "QUESTION", description = "what to ask")
  String question = "";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "whom to ask (default: the tiny one that ships)")
  @Nullable Path model;

  @Option(
      names = "--adapter",
      paramLabel = "NAME",
      description = "a folder of PEFT, or the name of one that ships")
  @Nullable String adapter;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "120",
      description = "length of the answer at most (default 120)")
  int maxTokens;

  ModelAskCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws IOException {
    Shell shell = output.shell();
    StrictKernels kernels = StrictKernels.best();
    Path store = Files.createTempDirectory("openledger-ask");
    Path folder = model == null ? ModelFolders.tiny() : shell.resolve(model);
    try (Model asked = Model.open(folder, kernels, false);
        Arena arena = Arena.ofShared()) {
      var adapters = new AdapterStore(asked.config(), kernels, store, new Slab(SLAB_BYTES, arena));
      String digest = adapter == null ? null : adapters.add(adapterFolder(adapter)).toString();
      List<Integer> prompt =
          Arrays.stream(new Conversation(asked.tokenizer()).ask(question).tokens())
              .boxed()
              .toList();
      try (var engine =
          InferenceEngine.start(
              asked, adapters, kernels, EngineSettings.of(asked.config(), CACHE_BYTES))) {
        InferenceResult result =
            engine
                .submit(
                    new InferenceRequest(
                        "terminal",
                        digest,
                        new InferenceRequest.Prompt.Tokens(prompt),
                        maxTokens,
                        InferenceRequest.Sampling.GREEDY,
                        List.of(),
                        null))
                .result()
                .join();
        output.print(result, () -> result.text() + System.lineSeparator());
        PrintStream err = shell.err();
        if (!output.json()) {
          err.println("digest " + result.digest());
        }
        return ExitCode.OK;
      }
    } finally {
      remove(store);
    }
  }

  private Path adapterFolder(String name) {
    Path named = output.shell().resolve(Path.of(name));
    return Files.isDirectory(named) ? named : ModelFolders.adapter(name);
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}

package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.models.Model;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.decoder.KvCache;
import xyz.openledger.models.engine.EngineSettings;
import xyz.openledger.models.engine.InferenceEngine;
import xyz.openledger.models.engine.InferenceRequest;
import xyz.openledger.models.engine.InferenceResult;
import xyz.openledger.models.engine.TokenListener;
import xyz.openledger.nativekernels.strict.StrictKernels;

@Command(
    name = "run",
    description = "Continues a prompt with a model, and prints the digest of the answer.",
    footer = {
      "",
      "The digest covers prompt, tokens and logits. Run again, on any machine, with any number of"
          + " threads or other",
      "requests beside it, the same model, adapter, prompt and seed give the same digest.",
      "",
      "Example: openledger model run --model ~/models/SmolLM2-135M --prompt \"Once\" --seed 7"
          + " --max-tokens 40"
    })
final class ModelRunCommand implements Callable<Integer> {
  private static final int LANES_MAX = 64;

  @Mixin Output output;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "PATH",
      description = "a folder in the layout of Hugging Face, or a file of GGUF")
  Path model = Path.of("");

  @Option(names = "--adapter", paramLabel = "DIR", description = "an adapter of PEFT for it")
  @Nullable Path adapter;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      defaultValue = "Once upon a time",
      description = "what to continue (default: ${DEFAULT-VALUE})")
  String prompt = "";

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "the longest answer (default: ${DEFAULT-VALUE})")
  int maxTokens = 64;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 takes the likeliest token (default: 0, and 0.8 with --seed)")
  @Nullable Float temperature;

  @Option(names = "--top-p", paramLabel = "P", defaultValue = "1", description = "1 allows all")
  float topP = 1;

  @Option(names = "--top-k", paramLabel = "K", defaultValue = "0", description = "0 allows all")
  int topK;

  @Option(names = "--seed", paramLabel = "N", description = "names the draws")
  @Nullable Long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "how many compute; no bit depends on it (default: all of this machine's)")
  @Nullable Integer threads;

  ModelRunCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws IOException {
    Shell shell = output.shell();
    try (Model opened = Model.open(shell.resolve(model), StrictKernels.best(), false);
        Arena arena = Arena.ofShared()) {
      if (adapter == null) {
        return run(opened, null, null);
      }
      Path folder = shell.resolve(adapter);
      Path kept = Files.createTempDirectory("openledger-adapter");
      try {
        var slab = new Slab(AdapterStore.slabBytes(folder, opened.config()), arena);
        var store = new AdapterStore(opened.config(), StrictKernels.best(), kept, slab);
        return run(opened, store, store.add(folder).toString());
      } finally {
        delete(kept);
      }
    }
  }

  private int run(Model opened, @Nullable AdapterStore store, @Nullable String name) {
    int lanes =
        Math.clamp(
            threads == null ? Runtime.getRuntime().availableProcessors() : threads, 1, LANES_MAX);
    int[] tokens = opened.tokenizer().encode(prompt);
    int pages = (tokens.length + Math.max(1, maxTokens)) / KvCache.PAGE_TOKENS + 1;
    var settings = new EngineSettings(64, 1, 1, pages, lanes);
    var request =
        new InferenceRequest(
            "local",
            name,
            new InferenceRequest.Prompt.Text(prompt),
            maxTokens,
            sampling(),
            List.of(),
            null);
    try (var engine = InferenceEngine.start(opened, store, StrictKernels.best(), settings)) {
      long began = System.nanoTime();
      InferenceResult result = engine.submit(request, listener()).result().join();
      print(result, Duration.ofNanos(System.nanoTime() - began));
      return ExitCode.OK;
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  private InferenceRequest.Sampling sampling() {
    float otherwise = seed == null ? 0 : 0.8f;
    return new InferenceRequest.Sampling(
        temperature == null ? otherwise : temperature, topK, topP, seed == null ? 0 : seed);
  }

  private TokenListener listener() {
    if (output.json()) {
      return TokenListener.NONE;
    }
    show(prompt);
    return new TokenListener() {
      @Override
      public void onToken(int token, String text) {
        show(text);
      }

      @Override
      public void onRest(String text) {
        show(text);
      }
    };
  }

  private void show(String text) {
    // Lines stay lines; whatever else could steer a terminal does not.
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      lines[i] = Text.printable(lines[i]);
    }
    output.shell().out().print(String.join("\n", lines));
    output.shell().out().flush();
  }

  private void print(InferenceResult result, Duration took) {
    if (output.json()) {
      output.print(result, () -> "");
      return;
    }
    Shell shell = output.shell();
    shell.out().println();
    shell.out().println();
    InferenceResult.Usage usage = result.usage();
    double seconds = Math.max(1e-3, took.toMillis() / 1e3);
    shell.note(
        "%d + %d tokens in %s (%s tokens/s), ended by %s, computed by %s"
            .formatted(
                usage.promptTokens(),
                usage.completionTokens(),
                Text.duration(took),
                String.format(
                    Locale.ROOT,
                    "%.1f",
                    (usage.promptTokens() + usage.completionTokens()) / seconds),
                result.finishReason().name().toLowerCase(Locale.ROOT),
                StrictKernels.best().name()));
    shell.note("digest " + result.digest());
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.models.Model;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.KvCache;
import xyz.openledger.models.files.Gguf;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.models.onnx.OnnxModel;
import xyz.openledger.models.onnx.OnnxReader;
import xyz.openledger.models.tokens.ChatTemplate;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

@Command(
    name = "check",
    description = "Reads a model as a node would, looks at every weight, and says what it is.",
    footer = {
      "",
      "A model is a folder in the layout of Hugging Face, or a file of GGUF with its"
          + " tokenizer.json beside it.",
      "Of a file that ends in .onnx it is said whether it holds anything that must not be run; no"
          + " node runs it yet.",
      "What cannot be served is refused, with the field and the byte that are why.",
      "",
      "Example: openledger model check ~/models/SmolLM2-135M --adapter ~/adapters/legal-es"
    })
final class ModelCheckCommand implements Callable<Integer> {
  @Mixin Output output;

  @Parameters(paramLabel = "MODEL", description = "the folder, or the file of GGUF or ONNX")
  Path model = Path.of("");

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description = "an adapter in the layout of PEFT that must fit it; may be repeated")
  List<Path> adapters = List.of();

  ModelCheckCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /** What programs read. */
  record Answer(
      ModelConfig config,
      long parameters,
      List<TensorType> types,
      long fileBytes,
      long cacheBytesPerToken,
      Digest digest,
      String chat,
      String kernels,
      List<Fit> adapters) {}

  /** An adapter that fits. */
  record Fit(String path, Digest digest, long memoryBytes) {}

  @Override
  public Integer call() throws IOException {
    Shell shell = output.shell();
    if (model.toString().endsWith(".onnx")) {
      if (!adapters.isEmpty()) {
        throw CommandFailure.usage("a file of ONNX takes no adapters", "--adapter", "");
      }
      OnnxModel read = OnnxReader.read(shell.resolve(model));
      output.print(read, () -> text(read));
      return ExitCode.OK;
    }
    StrictKernels kernels = StrictKernels.best();
    try (Model opened = Model.open(shell.resolve(model), kernels, true)) {
      var fits = new ArrayList<Fit>();
      for (Path adapter : adapters) {
        Path folder = shell.resolve(adapter);
        long bytes = AdapterStore.slabBytes(folder, opened.config());
        fits.add(new Fit(adapter.toString(), AdapterStore.digest(folder), bytes));
      }
      Answer answer =
          new Answer(
              opened.config(),
              opened.config().parameters(),
              List.copyOf(opened.types()),
              opened.fileBytes(),
              KvCache.pageBytes(opened.config()) / KvCache.PAGE_TOKENS,
              opened.weights().digest(),
              template(shell.resolve(model)),
              kernels.name(),
              fits);
      output.print(answer, () -> text(answer));
      return ExitCode.OK;
    }
  }

  private static String template(Path model) throws IOException {
    if (Files.isDirectory(model)) {
      return ChatTemplate.read(model).name();
    }
    try (Arena arena = Arena.ofConfined()) {
      return ChatTemplate.read(model, Gguf.read(model, arena).remarks()).name();
    }
  }

  private static String text(OnnxModel read) {
    var fields = new ArrayList<Table.Field>();
    fields.add(field("operators", "version %d of the standard's".formatted(read.opset())));
    read.operators().forEach((name, count) -> fields.add(field("  " + name, count)));
    fields.add(field("parameters", Text.count(read.parameters())));
    read.inputs().forEach(port -> fields.add(field("input", port)));
    read.outputs().forEach(port -> fields.add(field("output", port)));
    fields.add(field("digest", read.digest()));
    return Table.fields(fields);
  }

  private static String text(Answer answer) {
    ModelConfig config = answer.config();
    var fields = new ArrayList<Table.Field>();
    fields.add(field("family", config.family()));
    fields.add(field("parameters", Text.count(answer.parameters())));
    fields.add(
        field(
            "weights",
            Text.list(answer.types().stream().map(Enum::name).toList())
                + ", "
                + Text.bytes(answer.fileBytes())));
    fields.add(
        field(
            "layers",
            "%d of width %d, inner width %d"
                .formatted(config.layers(), config.hiddenSize(), config.intermediateSize())));
    fields.add(
        field(
            "heads",
            "%d of size %d, %d of keys and values"
                .formatted(config.heads(), config.headSize(), config.keyValueHeads())));
    fields.add(field("vocabulary", Text.count(config.vocabularySize())));
    fields.add(
        field(
            "context",
            Text.count(config.contextMax())
                + " tokens, "
                + Text.bytes(answer.cacheBytesPerToken())
                + " of keys and values each"));
    if (config.slidingWindow() > 0) {
      fields.add(field("window", Text.count(config.slidingWindow()) + " tokens"));
    }
    fields.add(
        field(
            "chat",
            switch (answer.chat()) {
              case "unknown" -> "its template is none that is known; it is asked by whole prompts";
              case "plain" -> "no template: a line for each message";
              default -> "the form " + answer.chat();
            }));
    fields.add(field("digest", answer.digest()));
    fields.add(
        field("class", "D0: the same bits on every machine; computed here by " + answer.kernels()));
    for (Fit fit : answer.adapters()) {
      fields.add(
          field(
              "adapter",
              "%s fits, %s in memory".formatted(fit.path(), Text.bytes(fit.memoryBytes()))));
      fields.add(field("", fit.digest()));
    }
    return Table.fields(fields);
  }
}

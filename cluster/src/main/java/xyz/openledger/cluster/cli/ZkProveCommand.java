package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.zk.ModelProver;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.zk.ModelEvidence;

@Command(
    name = "prove",
    description =
        "Runs a private model here, and writes evidence that shows its output and nothing else.",
    footer = {
      "",
      "The model and the input stay on this machine. The job is any words; the proof is bound to"
          + " them, so that",
      "it serves for nothing else. The owner is the address that will register the model.",
      "",
      "Example: openledger zk prove --model examples/private-model/model.json --input"
          + " examples/private-model/input.json --owner"
          + " 0x00000000000000000000000000000000000000a1 --job applicant-17 --file evidence.json"
    })
final class ZkProveCommand implements Callable<Integer> {
  @Mixin Output output;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      description = "weights, biases and salt, as in examples/private-model/model.json")
  Path model = Path.of("");

  @Option(
      names = "--input",
      required = true,
      paramLabel = "FILE",
      description = "16 numbers and a salt, as in examples/private-model/input.json")
  Path input = Path.of("");

  @Option(
      names = "--owner",
      required = true,
      paramLabel = "ADDRESS",
      description = "whose model it is")
  String owner = "";

  @Option(names = "--job", required = true, paramLabel = "WORDS", description = "what it is for")
  String job = "";

  @Option(names = "--file", paramLabel = "FILE", description = "write the evidence there")
  @Nullable Path file;

  ZkProveCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws IOException {
    Shell shell = output.shell();
    JsonNode weights = json(model, "--model");
    JsonNode values = json(input, "--input");
    Address holder = Objects.requireNonNull(ZkFiles.address(owner, "--owner"));
    ModelEvidence evidence = prove(weights, values, holder);
    if (file != null) {
      Files.write(shell.resolve(file), Json.write(evidence));
    }
    output.print(evidence, () -> text(evidence));
    return ExitCode.OK;
  }

  private ModelEvidence prove(JsonNode weights, JsonNode values, Address holder) {
    try {
      return ModelProver.below(output.shell().projectHome()).prove(weights, values, holder, job);
    } catch (IOException refused) {
      throw CommandFailure.failed(String.valueOf(refused.getMessage()), "");
    }
  }

  private JsonNode json(Path named, String field) throws IOException {
    try {
      return Json.tree(ZkFiles.read(output.shell(), named, field));
    } catch (ProblemException malformed) {
      throw CommandFailure.usage(named + " is not JSON: " + malformed.detail(), field, "");
    }
  }

  private String text(ModelEvidence evidence) {
    String fields =
        Table.fields(
            List.of(
                field("model", evidence.model()),
                field("input", evidence.input()),
                field("output", evidence.outputs()),
                field("job", evidence.job()),
                field("ceremony", ZkVerifyCommand.INSECURE)));
    return file == null ? fields + "\nNothing was written; --file keeps it.\n" : fields;
  }
}

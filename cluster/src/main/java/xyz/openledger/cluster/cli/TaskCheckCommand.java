package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.cluster.cli.Table.Field;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.sandbox.Sandbox;
import xyz.openledger.nodes.worker.LocalRun;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerTask;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.GateRefusal;
import xyz.openledger.verification.gate.GateReport;
import xyz.openledger.verification.gate.GatedModule;
import xyz.openledger.verification.gate.WasmGate;

@Command(
    name = "check",
    description = "Puts a module through the gate and runs it once here, as a node would.",
    footer = {
      "",
      "Nothing is sent anywhere. Fuel and output are the same on every machine; set the job's"
          + " fuelMax to",
      "a few times the fuel that is shown.",
      "",
      "Example: openledger task check examples/hello/hello.wasm --input examples/hello/names.txt --"
          + " Hola"
    })
final class TaskCheckCommand implements Callable<Integer> {
  /** The fuel ends a run long before; this ends one on a machine that stands still. */
  private static final Duration BUDGET = Duration.ofMinutes(5);

  private static final int SHOWN_BYTES_MAX = 64 << 10;

  @Mixin Output output;

  @Parameters(
      index = "0",
      paramLabel = "MODULE",
      description = "a WebAssembly module (WASI preview 1)")
  Path module = Path.of("");

  @Parameters(
      index = "1..*",
      paramLabel = "ARGUMENT",
      description = "the task's arguments, behind --")
  List<String> arguments = List.of();

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "the task's standard input (default: empty)")
  @Nullable Path input;

  @Option(names = "--file", paramLabel = "FILE", description = "write the program's output there")
  @Nullable Path file;

  @Option(
      names = "--fuel-max",
      paramLabel = "FUEL",
      defaultValue = "2000000000",
      description = "end the run there (default 2 * 10^9, some seconds)")
  long fuelMax;

  @Option(
      names = "--memory-max",
      paramLabel = "BYTES",
      defaultValue = "268435456",
      description = "linear memory (default 256 MiB)")
  long memoryMaxBytes;

  @Option(
      names = "--output-max",
      paramLabel = "BYTES",
      defaultValue = "16777216",
      description = "longest output (default 16 MiB)")
  long outputMaxBytes;

  TaskCheckCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /**
   * What programs read.
   *
   * @param module digest of the module as submitted
   * @param code the identity of the code: the digest of the module as the gate rewrote it
   * @param sandbox what it ran in
   * @param detail why it trapped, what it wrote to standard error
   */
  record Checked(
      Digest module,
      Digest code,
      GateReport gate,
      String sandbox,
      Outcome outcome,
      String detail,
      long cpuMicros) {}

  @Override
  public Integer call() throws IOException {
    GatedModule gated = admit(Files.readAllBytes(existing(module, "MODULE")));
    LocalRun run = LocalRun.of(task(), Sandbox.strongest());
    Execution execution =
        switch (run.result()) {
          case TaskResult.Completed completed -> completed.execution();
          case TaskResult.Refused refused ->
              throw refusal(refused.reason(), refused.byteOffset(), refused.sentence());
          case TaskResult.Saved _ ->
              throw CommandFailure.failed("nobody asked it to make room", "openledger doctor");
          case TaskResult.Faulted faulted ->
              throw CommandFailure.failed(
                  "this machine could not run it: " + faulted.detail(), "openledger doctor");
        };
    if (file != null) {
      Files.write(output.shell().resolve(file), execution.output());
    }
    var checked =
        new Checked(
            run.module(),
            gated.code(),
            gated.report(),
            run.sandbox().sandbox().level().label(),
            execution.outcome(),
            execution.detail(),
            execution.cpuMicros());
    output.print(checked, () -> Table.fields(fields(checked)) + shown(execution.output()));
    return checked.outcome().succeeded() ? ExitCode.OK : ExitCode.FAILED;
  }

  private LocalRun.Task task() throws IOException {
    Optional<Path> standardInput =
        input == null ? Optional.empty() : Optional.of(existing(input, "--input"));
    return new LocalRun.Task(
        existing(module, "MODULE"),
        standardInput,
        arguments,
        new ExecutionLimits(fuelMax, memoryMaxBytes, outputMaxBytes),
        BUDGET);
  }

  private static GatedModule admit(byte[] bytes) {
    try {
      return WasmGate.admit(bytes, GateLimits.DEFAULT);
    } catch (GateRefusal refusal) {
      throw refusal(refusal.reason(), refusal.byteOffset(), refusal.sentence());
    }
  }

  private static CommandFailure refusal(String reason, int byteOffset, String sentence) {
    return new CommandFailure(
        new Failure(
            ExitCode.FAILED,
            "the gate refuses the module: " + reason + ", " + sentence,
            "byte " + byteOffset + " of the module",
            "less docs/write-your-first-task.md   (what the gate refuses, and what to do"
                + " instead)"));
  }

  private Path existing(Path named, String field) throws IOException {
    Path path = output.shell().resolve(named);
    if (!Files.isRegularFile(path)) {
      throw CommandFailure.usage("there is no file " + path, field, "");
    }
    if (Files.size(path) > WorkerTask.BLOB_MAX_BYTES) {
      throw CommandFailure.usage(path + " is larger than 64 MiB", field, "");
    }
    return path;
  }

  private static List<Field> fields(Checked checked) {
    GateReport gate = checked.gate();
    Outcome outcome = checked.outcome();
    var fields =
        new ArrayList<>(
            List.of(
                field("gate", "admitted, version " + gate.gateVersion()),
                field("code", checked.code()),
                field(
                    "size",
                    "%s submitted, %s gated, functions: %d, %s instructions"
                        .formatted(
                            Text.bytes(gate.submittedBytes()),
                            Text.bytes(gate.gatedBytes()),
                            gate.functions(),
                            Text.count(gate.instructions()))),
                field("imports", Text.list(gate.imports())),
                field("sandbox", checked.sandbox()),
                field("ended", ended(outcome)),
                field(
                    "time",
                    Text.duration(Duration.ofNanos(checked.cpuMicros() * 1_000)) + " of CPU"),
                field("fuel", Text.count(outcome.fuelUsed())),
                field(
                    "output", Text.bytes(outcome.outputBytes()) + ", " + outcome.outputDigest())));
    if (!checked.detail().isEmpty()) {
      fields.add(field("detail", checked.detail().strip()));
    }
    return fields;
  }

  private static String ended(Outcome outcome) {
    String status = outcome.status().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return switch (outcome.status()) {
      case FINISHED -> "finished, exit code " + outcome.exitCode();
      case FUEL_EXHAUSTED -> status + "; try a larger --fuel-max";
      case OUTPUT_EXCEEDED -> status + "; try a larger --output-max";
      case TRAPPED -> status;
    };
  }

  private String shown(byte[] bytes) {
    if (bytes.length == 0 || file != null) {
      return "";
    }
    return text(bytes)
        .filter(_ -> bytes.length <= SHOWN_BYTES_MAX)
        .map(text -> "\n" + Text.printable(text))
        .orElse("\n(the output is long, or no text; --file FILE writes it)\n");
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException binary) {
      return Optional.empty();
    }
  }
}

package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.pools.PolicyCheck;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.DryRun;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.protocol.client.PolicyFile;

@Command(
    name = "policy",
    description = "Reads policies: what a job asks of the machines that run it.",
    footer = "%nExample: openledger policy check examples/policies/trading.yaml")
final class PolicyCommand {
  private static final long GIGAFUEL = 1_000_000_000;
  private static final int MEMORY_BYTES = 16 << 20;
  private static final int OUTPUT_BYTES = 65_536;

  /**
   * What programs read.
   *
   * @param policy as it is stored
   * @param prospect what it fits, if a member was asked
   */
  record Checked(Policy policy, List<String> notes, @Nullable DryRun prospect) {}

  @Command(
      name = "check",
      description = "Reads a policy or a job file and says what is wrong with its policy.",
      footer = {
        "",
        "Needs no member. With --nodes it asks one which of its nodes fit; a policy without a job"
            + " is then",
        "asked about for one task of a gigafuel and 16 MiB.",
        "",
        "Example: openledger policy check examples/policies/eu-only.yaml --nodes"
      })
  int check(
      @Mixin Member member,
      @Parameters(paramLabel = "FILE|NAME", description = "YAML or JSON, or a ready policy")
          Path file,
      @Option(names = "--nodes", description = "ask the member which of its nodes fit")
          boolean nodes) {
    Path path = ReadyPolicies.file(member, file, "FILE");
    boolean job = PolicyFile.isJob(path);
    Policy policy = PolicyFile.read(path);
    List<String> notes = notes(policy, job);
    DryRun prospect =
        nodes
            ? member.client().jobs().dryRun(job ? JobFile.read(path).spec() : nominal(policy))
            : null;
    member.print(
        new Checked(policy, notes, prospect),
        () ->
            prospect == null ? text(file, notes) : text(file, List.of()) + Prospect.text(prospect));
    return prospect == null || prospect.feasible() ? ExitCode.OK : ExitCode.REFUSED;
  }

  @Command(
      name = "list",
      description = "Lists the ready policies that a job can be submitted under by name.",
      footer = {
        "",
        "Those of a development network's own folder come before those of the release.",
        "",
        "Example: openledger policy list"
      })
  int list(@Mixin Member member) {
    Map<String, Path> ready = ReadyPolicies.seenBy(member).files();
    List<Ready> rows =
        ready.entrySet().stream()
            .map(e -> new Ready(e.getKey(), ReadyPolicies.sentence(e.getValue())))
            .toList();
    member.print(rows, () -> table(rows));
    return ExitCode.OK;
  }

  /** A ready policy and what its file says of it first. */
  record Ready(String name, String description) {}

  private static String table(List<Ready> rows) {
    Table table = Table.of("NAME", "WHAT IT ASKS FOR");
    rows.forEach(row -> table.row(row.name(), row.description()));
    return table.text();
  }

  @Command(
      name = "schema",
      description = "Prints the JSON Schema of policy files, for editors.",
      footer = "%nExample: openledger policy schema > policy.schema.json")
  int schema(@Mixin Output output) throws IOException {
    try (InputStream schema = PolicyCommand.class.getResourceAsStream("policy.schema.json")) {
      Objects.requireNonNull(schema, "policy.schema.json is on the class path")
          .transferTo(output.shell().out());
    }
    output.shell().out().flush();
    return ExitCode.OK;
  }

  private static List<String> notes(Policy policy, boolean job) {
    try {
      return PolicyCheck.check(policy);
    } catch (ProblemException refused) {
      throw job ? refused.within("policy") : refused;
    }
  }

  private static String text(Path file, List<String> notes) {
    var text = new StringBuilder(file + " can be read; nothing in it contradicts itself\n");
    notes.forEach(note -> text.append("- ").append(note).append('\n'));
    return Text.printable(text.toString());
  }

  private static JobSpec nominal(Policy policy) {
    Digest nothing = Digest.of("".getBytes(StandardCharsets.UTF_8));
    return new JobSpec(
        "policy check",
        Map.of(),
        new Workload.Wasm(nothing, GIGAFUEL, MEMORY_BYTES, OUTPUT_BYTES),
        List.of(new JobSpec.Task(List.of(), nothing)),
        policy);
  }
}

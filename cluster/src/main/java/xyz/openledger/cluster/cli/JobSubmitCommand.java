package xyz.openledger.cluster.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.pools.PolicyCheck;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.Submitted;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.protocol.client.TaskArray;

@Command(
    name = "submit",
    description = "Uploads what a job file names, submits the job, and prints its id.",
    footer = {
      "",
      "File names in the job file are relative to it. Ready policies: openledger policy list.",
      "",
      "Example: openledger job submit examples/hello/job.json --policy greenest --wait"
    })
final class JobSubmitCommand implements Callable<Integer> {
  /** What settling takes beyond the deadline, generously. */
  private static final long SLACK_MILLIS = 30_000;

  @Mixin Member member;

  @Parameters(paramLabel = "FILE", description = "the job file")
  Path file = Path.of("");

  @Option(
      names = "--policy",
      paramLabel = "FILE|NAME",
      description = "take this policy instead of the job file's: a file, or a ready one by name")
  @Nullable Path policy;

  @Option(
      names = "--capacity",
      paramLabel = "KIND",
      description = "spot, on-demand or reserved, instead of what the policy says")
  @Nullable String capacity;

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "add a label; may be repeated")
  Map<String, String> labels = Map.of();

  @Option(
      names = "--array",
      paramLabel = "FROM-TO",
      description = "make a task for each index of the one in the file; {index} stands for it")
  @Nullable String array;

  @Option(
      names = "--dry-run",
      description = "say what would become of it; nothing is stored, held or run")
  boolean dryRun;

  @Option(names = "--wait", description = "wait until the job is final, and print how it went")
  boolean wait;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "names this submission: a repeat under the same key submits nothing twice")
  String key = UUID.randomUUID().toString();

  JobSubmitCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    Shell shell = member.shell();
    JobFile job =
        JobFile.read(
            shell.resolve(file),
            new JobFile.Overrides(
                policy == null ? null : ReadyPolicies.file(member, policy, "--policy"),
                labels,
                array == null ? null : TaskArray.parse(array)));
    JobSpec spec = bought(job.spec());
    check(spec.policy());
    var client = member.client();
    if (dryRun) {
      return Prospect.print(member, client.jobs().dryRun(spec));
    }
    job.upload(client.blobs(), this::uploaded);
    Submitted submitted = client.jobs().submit(spec, key);
    shell.note((submitted.repeated() ? "submitted before: " : "submitted ") + submitted.job());
    if (!wait) {
      member.print(submitted, () -> submitted.job() + "\n");
      return ExitCode.OK;
    }
    long millis = spec.policy().limits().deadlineMillis() + SLACK_MILLIS;
    return new JobWatch(member)
        .untilFinal(submitted.job().value(), TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Before anything is uploaded or asked. */
  private static void check(Policy policy) {
    try {
      PolicyCheck.check(policy);
    } catch (ProblemException refused) {
      throw refused.within("policy");
    }
  }

  /** The job with the kind of capacity that was asked for. */
  private JobSpec bought(JobSpec spec) {
    if (capacity == null) {
      return spec;
    }
    Policy.Capacity kind =
        switch (capacity) {
          case "spot" -> Policy.Capacity.SPOT;
          case "on-demand" -> Policy.Capacity.ON_DEMAND;
          case "reserved" -> Policy.Capacity.RESERVED;
          default ->
              throw CommandFailure.usage(
                  "capacity is spot, on-demand or reserved, not '%s'".formatted(capacity),
                  "--capacity",
                  "openledger job submit --help");
        };
    return spec.withPolicy(spec.policy().withCapacity(kind));
  }

  private void uploaded(Path uploaded, boolean needed) {
    String name = uploaded.getFileName().toString();
    member.shell().note(needed ? "uploaded " + name : name + " is there already");
  }
}

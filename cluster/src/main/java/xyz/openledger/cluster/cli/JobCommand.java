package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.api.Explanation;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.JobSummary;
import xyz.openledger.verification.dispute.Checkpoints;

@Command(
    name = "job",
    description = "Submits work and follows it to its receipt.",
    subcommands = JobSubmitCommand.class,
    footer = "%nExample: openledger job submit examples/hello/job.json --wait")
final class JobCommand {
  private static final String JOB = "id or prefix";

  @Command(
      name = "list",
      description = "Lists jobs, newest first.",
      footer = "%nExample: openledger job list --state settled --label example=hello")
  int list(
      @Mixin Member member,
      @Option(names = "--state", paramLabel = "STATE", description = "only those in this state")
          @Nullable String state,
      @Option(
              names = "--label",
              paramLabel = "KEY=VALUE",
              description = "only those with this label; may be repeated")
          @Nullable Map<String, String> labels,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "50",
              description = "at most so many (default 50)")
          int limit) {
    JobState wanted = state == null ? null : JobState.parse(state);
    List<JobSummary> jobs =
        member.client().jobs().list(wanted, labels == null ? Map.of() : labels).stream()
            .limit(Math.max(0, limit))
            .toList();
    member.print(jobs, () -> table(jobs));
    return ExitCode.OK;
  }

  @Command(
      name = "show",
      description = "Shows a job: policy, pool, nodes, agreement, price, receipt.",
      footer = "%nExample: openledger job show job-u5xqnzl2")
  int show(@Mixin Member member, @Parameters(paramLabel = "JOB", description = JOB) String id) {
    var client = member.client();
    JobDetail job = client.jobs().show(id);
    member.print(job, () -> new JobStory(job, NodeNames.of(client, job.job().nodes())).text());
    return ExitCode.OK;
  }

  @Command(
      name = "output",
      description = "Writes the accepted output of a task to standard output or a file.",
      footer = "%nExample: openledger job output job-u5xqnzl2 --task 0")
  int output(
      @Mixin Member member,
      @Parameters(paramLabel = "JOB", description = JOB) String id,
      @Option(
              names = "--task",
              paramLabel = "N",
              defaultValue = "0",
              description = "which task (default 0)")
          int task,
      @Option(names = "--file", paramLabel = "FILE", description = "write it there")
          @Nullable Path file,
      @Option(
              names = "--without-checkpoints",
              description = "leave out those that stand behind it, where a task notes them")
          boolean withoutCheckpoints)
      throws IOException {
    byte[] accepted = member.client().jobs().output(id, task);
    byte[] output =
        withoutCheckpoints
            ? Checkpoints.read(accepted).map(Checkpoints.Traced::output).orElse(accepted)
            : accepted;
    if (file == null) {
      member.shell().out().write(output);
      member.shell().out().flush();
    } else {
      Path target = member.shell().resolve(file);
      Files.write(target, output);
      member.shell().note("wrote " + Text.bytes(output.length) + " to " + target);
    }
    return ExitCode.OK;
  }

  @Command(
      name = "explain",
      description = "Says from stored facts why this pool and these nodes, or why it waits.",
      footer = "%nExample: openledger job explain job-u5xqnzl2")
  int explain(@Mixin Member member, @Parameters(paramLabel = "JOB", description = JOB) String id) {
    var client = member.client();
    Explanation explanation = client.jobs().explain(id);
    var sentences =
        Stream.concat(explanation.reasons().stream(), explanation.waiting().stream()).toList();
    member.print(explanation, () -> text(explanation, NodeNames.in(client, sentences)));
    return ExitCode.OK;
  }

  @Command(
      name = "cancel",
      description = "Stops a job; what is not used of its hold comes back.",
      footer = "%nExample: openledger job cancel job-u5xqnzl2")
  int cancel(@Mixin Member member, @Parameters(paramLabel = "JOB", description = JOB) String id) {
    JobDetail job = member.client().jobs().cancel(id);
    member.print(job, () -> job.job().id() + " is " + job.job().state().word() + "\n");
    return ExitCode.OK;
  }

  @Command(
      name = "wait",
      description = "Waits until jobs are final and prints a line for each.",
      footer = "%nExample: openledger job wait job-u5xqnzl2 --timeout 120")
  int await(
      @Mixin Member member,
      @Parameters(paramLabel = "JOB", arity = "1..*", description = JOB) List<String> ids,
      @Option(
              names = "--timeout",
              paramLabel = "SECONDS",
              defaultValue = "600",
              description = "give up after this time (default 600)")
          int timeoutSeconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    int worst = ExitCode.OK;
    for (String id : ids) {
      worst = Math.max(worst, new JobWatch(member).untilFinal(id, end - System.nanoTime()));
    }
    return worst;
  }

  private static String table(List<JobSummary> jobs) {
    var table = Table.of("ID", "NAME", "STATE", "TASKS", "NODES", "CHARGED", "SUBMITTED", "LABELS");
    for (JobSummary job : jobs) {
      table.row(
          Text.shortId(job.id().value()),
          job.name(),
          job.state().word(),
          job.taskCount(),
          job.nodes().size(),
          Money.text(job.chargedNanoOpen()),
          Text.moment(job.submittedAtMillis()),
          Text.labels(job.labels()));
    }
    return table.text();
  }

  private static String text(Explanation explanation, NodeNames names) {
    var text = new StringBuilder(explanation.job() + " is " + explanation.state().word() + "\n");
    explanation
        .reasons()
        .forEach(reason -> text.append("- ").append(names.put(reason)).append('\n'));
    explanation
        .waiting()
        .forEach(reason -> text.append("waits: ").append(names.put(reason)).append('\n'));
    return Text.printable(text.toString());
  }
}

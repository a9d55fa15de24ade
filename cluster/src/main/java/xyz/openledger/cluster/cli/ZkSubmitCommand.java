package xyz.openledger.cluster.cli;

import java.io.IOException;
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
import xyz.openledger.cluster.zk.ModelJob;
import xyz.openledger.protocol.api.Submitted;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelTask;

@Command(
    name = "submit",
    description = "Submits evidence about a private model as a job, under the policy zk.",
    footer = {
      "",
      "A node checks the proofs and signs for it, the member checks them again, the receipt carries"
          + " them, and",
      "receipt verify checks them a third time, without asking anyone. Keys: development ceremony,"
          + " INSECURE.",
      "",
      "Example: openledger zk submit evidence.json --wait"
    })
final class ZkSubmitCommand implements Callable<Integer> {
  private static final long DEADLINE_MILLIS = 120_000;
  private static final long SLACK_MILLIS = 30_000;

  @Mixin Member member;

  @Parameters(paramLabel = "FILE", description = "what openledger zk prove wrote")
  Path file = Path.of("");

  @Option(
      names = "--price-max",
      paramLabel = "OPEN",
      defaultValue = "0.1",
      converter = Money.Converter.class,
      description = "the most the job may cost (default 0.1)")
  Money priceMax = new Money(0);

  @Option(
      names = "--contract",
      paramLabel = "ADDRESS",
      description =
          "where the model is registered (openledger zk register): the member asks it too")
  @Nullable String contract;

  @Option(names = "--wait", description = "wait until the job is final, and print how it went")
  boolean wait;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "names this submission: a repeat under the same key submits nothing twice")
  String key = UUID.randomUUID().toString();

  ZkSubmitCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() throws IOException {
    Shell shell = member.shell();
    ModelEvidence evidence = ZkFiles.evidence(shell, file);
    ModelJob job =
        ModelJob.of(
            evidence,
            Map.of(),
            priceMax.nanoOpen(),
            DEADLINE_MILLIS,
            ZkFiles.address(contract, "--contract"));
    ModelTask.Ending ending = job.expected();
    if (ending.exitCode() != 0) {
      throw CommandFailure.failed(file + " would be refused: " + ending.detail(), "");
    }
    var client = member.client();
    job.upload(client.blobs());
    Submitted submitted = client.jobs().submit(job.spec(), key);
    shell.note((submitted.repeated() ? "submitted before: " : "submitted ") + submitted.job());
    if (!wait) {
      member.print(submitted, () -> submitted.job() + "\n");
      return ExitCode.OK;
    }
    return new JobWatch(member)
        .untilFinal(
            submitted.job().value(), TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS + SLACK_MILLIS));
  }
}

package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.openai.NamedPolicies;
import xyz.openledger.pools.PolicyCheck;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.api.TuningRecipe;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.api.TuningState;
import xyz.openledger.protocol.api.TuningView;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.client.PolicyFile;

@Command(
    name = "start",
    description = "Has the network train an adapter of a base that it serves, and follows it.",
    footer = {
      "",
      "Every piece is a job; the next begins with its checkpoint. By default one machine makes"
          + " each,",
      "and when all are committed to, some are drawn and made again on another owner's: one bit"
          + " that",
      "differs takes the training back to before the liar. What that catches: docs/fine-tuning.md.",
      "",
      "Example: openledger tune start --model tiny --data pirate.jsonl --name pirate2 --checks 2"
    })
final class TuneStartCommand implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofDays(7);

  @Mixin Member member;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "the base to adapt, as openledger model list names it")
  String model = "";

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "what to learn from, a line of JSON a sample")
  Path data = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "serve the adapter as MODEL:NAME in the end (default: keep it as a blob)")
  @Nullable String name;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "40",
      description = "steps of the optimiser (default 40)")
  int steps;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "10",
      description = "steps of a piece (default 10)")
  int every;

  @Option(
      names = "--checks",
      paramLabel = "N",
      defaultValue = "1",
      description = "how many pieces are made again, where the policy trusts one (default 1)")
  int checks;

  @Option(names = "--batch", paramLabel = "N", description = "samples a step (default 8)")
  @Nullable Integer batch;

  @Option(
      names = "--rate",
      paramLabel = "X",
      description = "by how much weights move at most (default 0.005)")
  @Nullable String rate;

  @Option(
      names = "--rank",
      paramLabel = "N",
      description = "how much the adapter can hold (default 8)")
  @Nullable Integer rank;

  @Option(
      names = "--alpha",
      paramLabel = "X",
      description = "how strongly it speaks, times its rank (default 16)")
  @Nullable String alpha;

  @Option(
      names = "--targets",
      split = ",",
      paramLabel = "NAME",
      description = "matrices to adapt (default q_proj,v_proj,o_proj,gate_proj,down_proj)")
  @Nullable List<String> targets;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of first weights and of the order of samples (default 7)")
  @Nullable Long seed;

  @Option(
      names = "--hold-back",
      description = "keep every tenth sample for telling the loss on what was not learnt")
  boolean holdBack;

  @Option(
      names = "--policy",
      paramLabel = "FILE|NAME",
      description = "price limit of the whole, deadline of a piece, and who may make it")
  @Nullable Path policy;

  @Option(names = "--no-wait", description = "do not follow it; see openledger tune show")
  boolean noWait;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "names this training: a repeat under the same key finds it")
  String key = UUID.randomUUID().toString();

  TuneStartCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    Shell shell = member.shell();
    Path file = shell.resolve(data);
    if (!Files.isRegularFile(file)) {
      throw CommandFailure.usage("there is no file " + file, "--data", "");
    }
    Policy wanted = policy();
    boolean trusted = wanted.verification().method() == Policy.Method.TRUSTED;
    var recipe = new TuningRecipe(steps, batch, rate, null, null, null, seed, rank, alpha, targets);
    OpenLedgerClient client = member.client();
    Digest samples = client.blobs().put(file).digest();
    TuningView view =
        client
            .tunings()
            .start(
                new TuningRequest(
                    model,
                    samples,
                    name,
                    recipe,
                    Math.min(every, steps),
                    holdBack ? true : null,
                    trusted ? checks : 0,
                    wanted),
                key);
    shell.note("training " + view.id());
    if (!noWait) {
      view = client.tunings().await(view.id(), LONGEST, new TuningLines(shell));
    }
    TuningView last = view;
    member.print(last, () -> TuneCommand.text(last));
    return !noWait && last.state() != TuningState.SUCCEEDED ? ExitCode.FAILED : ExitCode.OK;
  }

  private Policy policy() {
    if (policy == null) {
      return NamedPolicies.training();
    }
    Path file = ReadyPolicies.file(member, policy, "--policy");
    try {
      Policy read = PolicyFile.read(file.getFileName().toString(), Files.readAllBytes(file));
      PolicyCheck.check(read);
      return read;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}

package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.demo.LocalNetwork;
import xyz.openledger.cluster.demo.Machine;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.nodes.agent.AgentMain;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.Event;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.JobSummary;
import xyz.openledger.protocol.api.NodeSummary;
import xyz.openledger.protocol.api.Submission;
import xyz.openledger.protocol.api.SubmittedBatch;
import xyz.openledger.protocol.client.ClientException;
import xyz.openledger.protocol.client.JobFile;

/**
 * The whole row: a member with its development chain and two machines, each a process; jobs of one
 * task of {@code examples/hello} come in batches over HTTP and run as gated WebAssembly.
 */
final class WholeNetwork implements Target {
  private static final TenantId TENANT = MemberProcess.DEVELOPMENT_TENANT;

  private static final String POOL = "bench";
  private static final long DEPOSIT_NANO_OPEN = 1_000_000_000_000L;
  private static final long PRICE_MAX_NANO_OPEN = 100_000_000L;
  private static final long DEADLINE_MILLIS = 300_000;
  private static final int WINDOW = 256;
  private static final int TIMED_EVERY = 8;
  private static final Duration WAIT = Duration.ofSeconds(30);

  private static final List<Box> MACHINES = List.of(new Box("first"), new Box("second"));

  /** A machine for many short tasks: what waits for its worker waits there, not at the member. */
  private record Box(String machine) implements Machine {
    private static final String SLOTS = "32";
    private static final String WORKERS = "1";

    @Override
    public String pool() {
      return POOL;
    }

    @Override
    public Class<?> program() {
      return AgentMain.class;
    }

    @Override
    public List<String> join(String claim, String data) {
      return List.of(
          "join", claim, "--name", machine, "--data", data, "--slots", SLOTS, "--workers", WORKERS);
    }
  }

  private final LocalNetwork network;
  private final JobFile hello;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> sandboxes;
  private volatile @Nullable Trial trial;

  /** Starts the network in {@code data}, which must be empty, and waits for its machines. */
  WholeNetwork(Path data, Path examples) throws IOException {
    hello = JobFile.read(examples.resolve("hello/job.json"));
    network = new LocalNetwork(data);
    try {
      network.startMember(List.of(POOL));
      for (Box machine : MACHINES) {
        network.startMachine(machine);
      }
      hello.upload(network.client().blobs(), (_, _) -> {});
      network.deposit(DEPOSIT_NANO_OPEN);
      network.awaitReady(MACHINES.size());
      sandboxes =
          network.client().network().nodes(null).stream()
              .map(NodeSummary::sandbox)
              .distinct()
              .toList();
    } catch (IOException | RuntimeException failure) {
      close();
      throw failure;
    }
    threads.execute(this::follow);
  }

  /** Hears of ends; on a machine of its own a requester would do the same. */
  private void follow() {
    try {
      network.client().events().follow(0, this::happened);
    } catch (ClientException stopped) {
      Trial now = trial;
      if (now != null) {
        now.fail("the event stream ended: " + stopped.getMessage());
      }
    }
  }

  private boolean happened(Event event) {
    Trial now = trial;
    if (now != null && event.kind() == Event.Kind.RESET) {
      now.fail("the event stream was too slow");
    }
    if (now != null && event.kind() == Event.Kind.JOB) {
      JobState state = JobState.parse(event.state());
      if (state.isFinal()) {
        now.ended(JobId.parse(event.id()), state.word());
      }
    }
    return true;
  }

  @Override
  public TenantId tenant() {
    return TENANT;
  }

  @Override
  public List<String> conditions() {
    return List.of(
        "a member, its development chain (anvil) and two agents with 32 slots and one worker each,"
            + " all processes here",
        "jobs of one task of examples/hello, in batches of up to 256 over HTTP; one replica",
        "of the jobs at half load, one in " + TIMED_EVERY + " is asked about until it is settled",
        "gated WebAssembly in the sandbox " + String.join(", ", sandboxes),
        "CPU is that of all of these processes and of the driver");
  }

  @Override
  public int batchMax() {
    return Submission.BATCH_MAX;
  }

  @Override
  public int windowMax() {
    return WINDOW;
  }

  @Override
  public int timedEvery() {
    return TIMED_EVERY;
  }

  @Override
  public void tell(Trial next) {
    trial = next;
  }

  @Override
  public void submit(Trial of, List<Integer> numbers) {
    List<Submission> batch =
        numbers.stream().map(number -> new Submission(of.key(number), job())).toList();
    threads.execute(
        () -> {
          try {
            answered(of, network.client().jobs().submit(batch));
          } catch (RuntimeException failure) {
            of.fail("a batch was not taken: " + failure);
          }
        });
  }

  private void answered(Trial of, SubmittedBatch answers) {
    for (SubmittedBatch.Item item : answers.items()) {
      var submitted = item.submitted();
      if (submitted == null) {
        of.fail("a job was refused: " + item.problem());
      } else {
        of.answered(submitted.job());
        if (of.timed(submitted.job())) {
          threads.execute(() -> await(of, submitted.job()));
        }
      }
    }
  }

  /** A question that is held until the job is final: the event stream tells only now and then. */
  private void await(Trial of, JobId job) {
    JobDetail detail = network.client().jobs().show(job.value(), WAIT);
    if (detail.job().state().isFinal()) {
      of.ended(job, detail.job().state().word());
    }
  }

  private JobSpec job() {
    JobSpec whole = hello.spec();
    var limits = whole.policy().limits();
    return new JobSpec(
        "bench",
        Map.of(),
        whole.workload(),
        whole.tasks().subList(0, 1),
        new xyz.openledger.protocol.Policy(
            whole.policy().objective(),
            new xyz.openledger.protocol.Policy.Limits(
                PRICE_MAX_NANO_OPEN,
                DEADLINE_MILLIS,
                limits.regions(),
                limits.carbonGramsPerKwhMax(),
                limits.reputationMin()),
            whole.policy().verification(),
            whole.policy().capacity()));
  }

  @Override
  public List<String> findings() {
    // The log takes a receipt in a moment after its job has ended.
    var findings = new ArrayList<String>();
    try {
      LocalNetwork.await("the receipts", () -> withoutReceipt().isEmpty());
    } catch (IllegalStateException _) {
      findings.add(
          "without a receipt: "
              + withoutReceipt().stream().map(JobId::value).collect(Collectors.joining(", ")));
    }
    return findings;
  }

  private List<JobId> withoutReceipt() {
    var without = new ArrayList<JobId>();
    for (JobSummary job : network.client().jobs().list(JobState.SETTLED, Map.of())) {
      if (job.receiptIndex() == null) {
        without.add(job.id());
      }
    }
    return without;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    network.close();
  }
}

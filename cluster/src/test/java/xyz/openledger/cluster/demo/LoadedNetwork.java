package xyz.openledger.cluster.demo;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import xyz.openledger.cluster.audit.AuditRun;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.NodeSummary;
import xyz.openledger.protocol.client.ClientException;
import xyz.openledger.protocol.client.MemberUnreachable;

/**
 * The demo's network, of real processes, under a load that does not stop for faults: a requester
 * who says each submission again until it is answered, and remembers what was answered.
 */
final class LoadedNetwork implements AutoCloseable {
  /** Two in each pool: enough for a quorum of two that loses nobody. */
  static final List<Cast> MACHINES = List.of(Cast.ADA, Cast.BOB, Cast.CYD, Cast.DAN);

  private static final int OPEN_MAX = 12;

  /** So that no job runs out of time because of kills; the patience below is shorter. */
  private static final long DEADLINE_MILLIS = 1_200_000;

  private static final Duration PATIENCE = Duration.ofMinutes(8);

  final LocalNetwork network;
  private final Workloads workloads;
  private final Map<String, JobId> accepted = new ConcurrentHashMap<>();
  private final List<String> duplicates = new CopyOnWriteArrayList<>();

  /** Jobs seen to have ended, which need not be asked for again. */
  private final Set<JobId> over = ConcurrentHashMap.newKeySet();

  /** What the requester was told instead of an answer, each text once. */
  private final Set<String> troubles = ConcurrentHashMap.newKeySet();

  private final AtomicInteger submitted = new AtomicInteger();
  private final Thread requester = new Thread(this::load, "requester");
  private volatile boolean loading = true;

  private LoadedNetwork(Path data) throws IOException {
    network = new LocalNetwork(data, Programs.freePortBase());
    workloads = new Workloads(Demo.home().resolve("examples"), DEADLINE_MILLIS);
  }

  /** Starts the network, and the load once its machines are ready. */
  static LoadedNetwork start(Path data) throws IOException {
    var loaded = new LoadedNetwork(data);
    try {
      loaded.network.startMember(Cast.POOLS);
      for (Cast machine : MACHINES) {
        loaded.network.startMachine(machine);
      }
      loaded.workloads.upload(loaded.network.client().blobs());
      loaded.network.deposit(100_000_000_000L);
      loaded.network.awaitReady(MACHINES.size());
      loaded.requester.start();
      return loaded;
    } catch (IOException | RuntimeException failure) {
      loaded.network.close();
      throw failure;
    }
  }

  private void load() {
    while (loading) {
      try {
        if (submitted.get() - ended() < OPEN_MAX) {
          submit();
        } else {
          TimeUnit.MILLISECONDS.sleep(50);
        }
      } catch (IOException impossible) {
        throw new AssertionError("the examples are there", impossible);
      } catch (InterruptedException stopped) {
        return;
      }
    }
  }

  private void submit() throws IOException, InterruptedException {
    String example = List.of("word-statistics", "option-price").get(submitted.get() % 2);
    var work = workloads.task(example, submitted.getAndIncrement(), "lowest-latency");
    String key = UUID.randomUUID().toString();
    // Said twice and answered twice: the second answer must be the first one's.
    for (int answers = 0; loading && answers < 2; ) {
      try {
        JobId job = network.client().jobs().submit(work.spec(), key).job();
        JobId before = accepted.putIfAbsent(key, job);
        if (before != null && !before.equals(job)) {
          duplicates.add(before + " and " + job);
        }
        answers++;
      } catch (ClientException away) {
        troubles.add(String.valueOf(away.getMessage()));
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  /** Submissions that became two jobs though they had one key. */
  List<String> duplicates() {
    return List.copyOf(duplicates);
  }

  /** Jobs that have ended, as far as the member can say now. */
  private int ended() {
    try {
      accepted.values().stream()
          .filter(id -> !over.contains(id))
          .filter(id -> show(id).job().state().isFinal())
          .forEach(over::add);
    } catch (ClientException away) {
      troubles.add(String.valueOf(away.getMessage()));
    }
    return over.size();
  }

  private JobDetail show(JobId id) {
    return network.client().jobs().show(id.value());
  }

  /** How many submissions were answered so far. */
  int accepted() {
    return accepted.size();
  }

  /** Waits until more submissions were answered than {@code before}. */
  void awaitAcceptedBeyond(int before) {
    await().atMost(PATIENCE).until(() -> accepted.size() > before);
  }

  /** Waits until machines hold leases, so are in the middle of tasks, and tells which. */
  List<Cast> awaitWorking() {
    try {
      return await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(this::working, Predicate.not(List::isEmpty));
    } catch (ConditionTimeoutException never) {
      throw new AssertionError(
          "nobody works; %d of %d accepted jobs ended; the requester %s and was told %s; %s"
              .formatted(
                  ended(),
                  accepted(),
                  requester.isAlive() ? "runs" : "has stopped",
                  troubles,
                  network.client().network().nodes(null)),
          never);
    }
  }

  private List<Cast> working() {
    Set<String> leased =
        network.client().network().nodes(null).stream()
            .filter(node -> node.leased() > 0)
            .map(NodeSummary::name)
            .collect(Collectors.toSet());
    return MACHINES.stream().filter(machine -> leased.contains(machine.machine())).toList();
  }

  /** The development chain's process, if it runs. */
  Optional<ProcessHandle> chain() {
    return network
        .memberHandle()
        .flatMap(
            member ->
                member
                    .children()
                    .filter(child -> child.info().command().orElse("").endsWith("anvil"))
                    .findFirst());
  }

  /** Ends the load and waits until every accepted job has ended and its receipt is logged. */
  Map<JobId, JobDetail> finish() throws InterruptedException {
    loading = false;
    requester.interrupt();
    requester.join();
    for (JobId id : accepted.values()) {
      await()
          .alias("the end of " + id)
          .atMost(PATIENCE)
          .ignoreException(MemberUnreachable.class)
          .until(() -> isOver(show(id)));
    }
    return accepted.values().stream().collect(Collectors.toMap(id -> id, this::show));
  }

  /** A job that settles is over when its receipt is in the log. */
  private static boolean isOver(JobDetail job) {
    return job.job().state() == JobState.SETTLED
        ? job.job().receiptIndex() != null
        : job.job().state().isFinal();
  }

  /** Stops everything; what an audit of journal and chain finds wrong. */
  List<String> auditFindings() throws IOException {
    network.stop();
    return AuditRun.of(network.data(), Demo.home()).findings();
  }

  @Override
  public void close() {
    loading = false;
    requester.interrupt();
    network.close();
  }
}

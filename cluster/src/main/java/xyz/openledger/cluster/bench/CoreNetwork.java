package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.member.MemberSetup;
import xyz.openledger.actors.node.NodeIdentity;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.NodeTerms;
import xyz.openledger.actors.node.SessionMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.actors.pool.PoolView;
import xyz.openledger.actors.view.ViewStore;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.log.LmdbLogView;
import xyz.openledger.cluster.member.MemberSystem;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * The core row: a member's actors with their journal, books, log and views, and nodes of distinct
 * owners, all in this process. No HTTP, no gateway, no WebAssembly, no chain.
 */
final class CoreNetwork implements Target {
  private static final TenantId TENANT = new TenantId("bench");

  private static final int NODES = 8;
  private static final int SLOTS = 64;
  private static final int WINDOW = 256;
  private static final long DEPOSIT_NANO_OPEN = 1_000_000_000_000_000L;
  private static final long LOG_BYTES_MAX = 4L << 30;
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(20);
  private static final long START_SECONDS = 60;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final LongAdder signatures = new LongAdder();
  private final LongAdder submitted = new LongAdder();
  private final LongAdder replicas = new LongAdder();
  private final ActorSystem<SpawnProtocol.Command> system;
  private final Member member;
  private final LmdbLogView log;
  private final ActorRef<JobMessage.SubmitReply> answers;
  private volatile @Nullable Trial trial;

  /** Starts the member in {@code data}, which must be empty, and waits for its nodes. */
  CoreNetwork(Path data) throws IOException {
    try {
      Files.createDirectories(data);
      log = LmdbLogView.open(data.resolve("member/log"), LOG_BYTES_MAX);
      open.add(log);
      var views = new ViewStore(data.resolve("member/views"));
      open.add(views);
      system = MemberSystem.start(data, "127.0.0.1", 0, List.of());
      open.add(this::stop);
      member = Member.start(system, setup(views)).toCompletableFuture().join();
      answers = spawn("answers", Behaviors.receiveMessage(this::answered));
      member.views().watch(this::happened);
      openPool();
      deposit();
      sealEverySecond();
    } catch (IOException | RuntimeException failure) {
      close();
      throw failure;
    }
  }

  private MemberSetup setup(ViewStore views) {
    return new MemberSetup(
        "openledger.xyz/log/bench",
        Ed25519Key.generate(),
        EpochSecret.of(new byte[EpochSecret.BYTES]),
        log,
        views,
        _ -> CoreWork.challenge(),
        _ -> false,
        Duration.ofSeconds(15),
        null,
        Runnable::run,
        Clock.systemUTC());
  }

  private void openPool() {
    PoolId pool = PoolId.of("operator", "bench");
    this.<PoolMessage, PoolView>ask(
        member.pool(pool),
        replyTo ->
            new PoolMessage.Open(new Pool(pool, "bench", "operator", PoolTerms.DEFAULT), replyTo));
    for (int number = 0; number < NODES; number++) {
      join(pool, number);
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (member.directory().pools().stream()
        .noneMatch(known -> known.owners() == NODES && known.freeSlots() == NODES * SLOTS)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the nodes were not ready after " + START_SECONDS + " s");
      }
      pause();
    }
  }

  private void join(PoolId pool, int number) {
    byte[] transportKey = Ed25519Key.generate().publicKey();
    var resultKey = Secp256k1Key.generate();
    NodeId node = NodeId.of(transportKey);
    Address owner = Secp256k1Key.generate().address();
    RecipientRef<NodeMessage> twin = member.node(node);
    NodeTerms terms = terms();
    var identity =
        new NodeIdentity(
            node,
            "core-" + number,
            owner,
            pool,
            HexFormat.of().formatHex(transportKey),
            HexFormat.of().formatHex(resultKey.publicKey()));
    this.<NodeMessage, NodeMessage.EnrolReply>ask(
        twin, replyTo -> new NodeMessage.Enrol(identity, terms, replyTo));
    var court = new ResultStatement.Court(1, owner);
    ActorRef<SessionMessage> session =
        spawn("core-" + number, CoreNode.create(node, resultKey, court, twin, signatures));
    twin.tell(new NodeMessage.Attached(session, terms, List.of(), 0));
  }

  private static NodeTerms terms() {
    return new NodeTerms(
        1_000_000,
        SLOTS,
        256L << 20,
        "eu-north",
        30,
        100,
        "",
        Map.of(),
        1_000_000_000,
        1_000,
        new NodeTerms.NodeHardware(
            "", "", "", List.of(), 1, 1L << 30, 1L << 30, List.of(), "none", "bench", List.of()));
  }

  private void deposit() {
    this.<AccountsMessage, AccountsMessage.Answer>ask(
        member.accounts(),
        replyTo ->
            new AccountsMessage.Do(
                new LedgerCommand.Deposit(
                    TENANT.value(),
                    "0x" + "1".repeat(40),
                    DEPOSIT_NANO_OPEN,
                    "0x" + "2".repeat(40),
                    "0x" + "3".repeat(64) + "/0",
                    1),
                replyTo));
  }

  /** As often as a member does that has a chain. */
  private void sealEverySecond() {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    open.add(timer::shutdownNow);
    ActorRef<LogMessage.Sealed> nobody = system.ignoreRef();
    var _ =
        timer.scheduleWithFixedDelay(
            () -> member.log().tell(new LogMessage.Seal(nobody)), 1, 1, TimeUnit.SECONDS);
  }

  @Override
  public TenantId tenant() {
    return TENANT;
  }

  @Override
  public List<String> conditions() {
    return List.of(
        "one member with journal, books, receipt log and views on disk; a checkpoint each second",
        NODES + " nodes of distinct owners in the same process, " + SLOTS + " slots each",
        "nodes commit, reveal and sign (secp256k1); each signature is checked; none runs anything",
        "no HTTP, no gateway, no WebAssembly, no chain; the deposit is credited without one");
  }

  @Override
  public int batchMax() {
    return 1;
  }

  @Override
  public int windowMax() {
    return WINDOW;
  }

  @Override
  public int timedEvery() {
    return 1;
  }

  @Override
  public void tell(Trial next) {
    trial = next;
  }

  @Override
  public void submit(Trial of, List<Integer> numbers) {
    for (int number : numbers) {
      JobId id = JobId.of(TENANT, of.key(number));
      submitted.increment();
      replicas.add(of.replicas());
      member
          .jobs(id)
          .tell(
              new JobMessage.Submit(
                  id, TENANT, CoreWork.job(of.replicas()), CoreWork.CODE, answers));
    }
  }

  private Behavior<JobMessage.SubmitReply> answered(JobMessage.SubmitReply reply) {
    Trial now = trial;
    if (now != null) {
      Problem problem = reply.problem();
      if (problem == null) {
        now.answered(reply.job());
      } else {
        now.fail(reply.job() + " was refused: " + problem + " " + reply.detail());
      }
    }
    return Behaviors.same();
  }

  private void happened(Object event) {
    Trial now = trial;
    if (now == null) {
      return;
    }
    switch (event) {
      case JobEvent.Settled settled -> now.ended(settled.job(), "settled");
      case JobEvent.Finished finished when finished.end() != JobEvent.End.SETTLED ->
          now.ended(finished.job(), finished.end().word());
      default -> {
        // On its way.
      }
    }
  }

  /** The member's actors, for a second member to join. */
  Member member() {
    return member;
  }

  /** How many signatures were made and checked so far. */
  long signatures() {
    return signatures.sum();
  }

  /** How many replicas those signatures are for. */
  long replicas() {
    return replicas.sum();
  }

  @Override
  public List<String> findings() {
    var findings = new ArrayList<String>();
    AccountsMessage.Audited audited = ask(member.accounts(), AccountsMessage.Audit::new);
    findings.addAll(audited.findings());
    if (log.size() != submitted.sum()) {
      findings.add("%d jobs, but %d receipts".formatted(submitted.sum(), log.size()));
    }
    return findings;
  }

  @Override
  public void close() {
    for (AutoCloseable part : open.reversed()) {
      try {
        part.close();
      } catch (Exception failure) {
        throw new IllegalStateException("while stopping", failure);
      }
    }
    open.clear();
  }

  private void stop() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
  }

  private <Q, A> A ask(RecipientRef<Q> actor, Function<ActorRef<A>, Q> question) {
    return AskPattern.ask(actor, question, ASK_TIMEOUT, system.scheduler())
        .toCompletableFuture()
        .join();
  }

  private <M> ActorRef<M> spawn(String name, Behavior<M> behavior) {
    return AskPattern.<SpawnProtocol.Command, ActorRef<M>>ask(
            system,
            replyTo -> new SpawnProtocol.Spawn<>(behavior, name, Props.empty(), replyTo),
            ASK_TIMEOUT,
            system.scheduler())
        .toCompletableFuture()
        .join();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}

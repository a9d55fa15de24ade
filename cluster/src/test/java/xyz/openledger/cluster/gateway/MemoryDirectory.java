package xyz.openledger.cluster.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.session.CapacityAnswer;
import xyz.openledger.protocol.session.Commit;
import xyz.openledger.protocol.session.EnrolApplication;
import xyz.openledger.protocol.session.Enrolled;
import xyz.openledger.protocol.session.Fault;
import xyz.openledger.protocol.session.Heartbeat;
import xyz.openledger.protocol.session.Hello;
import xyz.openledger.protocol.session.HubMessage;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.NodeMessage;
import xyz.openledger.protocol.session.Reveal;
import xyz.openledger.protocol.session.Standing;

/** A directory that keeps everything in memory, and remembers what it was told. */
final class MemoryDirectory implements NodeDirectory {
  static final ResultStatement.Court COURT =
      new ResultStatement.Court(901, Address.of(new byte[20]));
  private static final Address OWNER = Address.parse("0x" + "0a".repeat(20));

  final Map<String, NodeId> claims = new ConcurrentHashMap<>();
  final Map<String, Boolean> open = new ConcurrentHashMap<>();
  final Map<NodeId, EnrolApplication> nodes = new ConcurrentHashMap<>();
  final List<Session> sessions = new CopyOnWriteArrayList<>();
  volatile Standing standing = new Standing(Standing.State.READY, "");
  volatile String blobUrl = "http://127.0.0.1:1/blobs";
  volatile ResultStatement.Court court = COURT;
  volatile String blobToken = "blob-token";
  volatile boolean revoked;

  /** What was heard in one session. */
  static final class Session implements SessionSink {
    final Hello hello;
    final HubSender hub;
    private final List<Commit> commits = new ArrayList<>();
    private final List<Reveal> reveals = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<Boolean> left = new ArrayList<>();
    private final List<Heartbeat> heartbeats = new ArrayList<>();
    private final Map<ReplicaId, Digest> tasks = new HashMap<>();
    private int batches;
    private int foreignTasks;
    private int links;
    private int writable;
    volatile boolean revealOnCommit = true;
    volatile boolean refusing;
    volatile Consumer<CapacityAnswer> walked = _ -> {};
    volatile Consumer<NodeMessage> shown = _ -> {};
    private @Nullable Ending ending;

    Session(Hello hello, HubSender hub) {
      this.hello = hello;
      this.hub = hub;
    }

    synchronized boolean lease(List<Lease> leases) {
      leases.forEach(lease -> tasks.put(lease.replica(), lease.task()));
      return hub.send(new HubMessage.Leased(leases));
    }

    @Override
    public synchronized CompletionStage<Void> received(List<NodeMessage> messages) {
      if (refusing) {
        return CompletableFuture.failedStage(new IllegalStateException("the journal is full"));
      }
      messages.forEach(this::hear);
      return CompletableFuture.completedStage(null);
    }

    private void hear(NodeMessage message) {
      switch (message) {
        case NodeMessage.Committed(var made) -> {
          commits.addAll(made);
          if (revealOnCommit) {
            hub.send(new HubMessage.RevealRequested(made.stream().map(Commit::replica).toList()));
          }
        }
        case NodeMessage.Revealed(var batch) -> {
          batches++;
          shown.accept(message);
          reveals.addAll(batch.reveals());
          batch.reveals().stream()
              .filter(reveal -> !reveal.task().equals(tasks.get(reveal.replica())))
              .forEach(_ -> foreignTasks++);
        }
        case NodeMessage.Faulted(var made) -> faults.addAll(made);
        case NodeMessage.CapacityAnswered(var answer) -> walked.accept(answer);
        case NodeMessage.Left(var permanent) -> left.add(permanent);
      }
    }

    @Override
    public synchronized void heartbeat(Heartbeat heartbeat) {
      heartbeats.add(heartbeat);
    }

    @Override
    public synchronized void linkChanged(boolean up) {
      links += up ? 1 : 0;
    }

    @Override
    public synchronized void writable() {
      writable++;
    }

    @Override
    public synchronized void ended(Ending reason, String detail) {
      if (ending != null) {
        throw new IllegalStateException("ended twice: " + ending + ", " + reason);
      }
      ending = reason;
    }

    synchronized List<Commit> commits() {
      return List.copyOf(commits);
    }

    synchronized List<Reveal> reveals() {
      return List.copyOf(reveals);
    }

    synchronized List<Fault> faults() {
      return List.copyOf(faults);
    }

    synchronized List<Boolean> left() {
      return List.copyOf(left);
    }

    synchronized List<Heartbeat> heartbeats() {
      return List.copyOf(heartbeats);
    }

    /** Reveals whose root is not that of the tasks that were leased. */
    synchronized int foreignTasks() {
      return foreignTasks;
    }

    synchronized int batches() {
      return batches;
    }

    synchronized int timesWritable() {
      return writable;
    }

    synchronized int links() {
      return links;
    }

    synchronized Optional<Ending> ending() {
      return Optional.ofNullable(ending);
    }
  }

  String claim(String token) {
    open.put(token, true);
    return token;
  }

  Session session(int index) {
    return sessions.get(index);
  }

  Session last() {
    return sessions.getLast();
  }

  @Override
  public synchronized CompletionStage<Enrolled> enrol(EnrolApplication application) {
    String token = application.claimToken();
    NodeId spender = claims.get(token);
    if (!open.containsKey(token)) {
      return refuse(Problem.CLAIM_UNKNOWN, "no such claim");
    }
    if (spender != null && !spender.equals(application.node())) {
      return refuse(Problem.CLAIM_USED, "another machine has spent it");
    }
    claims.put(token, application.node());
    nodes.put(application.node(), application);
    return CompletableFuture.completedStage(
        new Enrolled(
            application.node(), PoolId.parse("pool-aaaaaaaaaaaaaaaaaaaaaaaaaa"), OWNER, COURT));
  }

  @Override
  public synchronized CompletionStage<Admission> open(Hello hello, HubSender hub) {
    EnrolApplication node = nodes.get(hello.node());
    if (node == null || revoked) {
      return refuse(Problem.FORBIDDEN, "this node is not enrolled here");
    }
    var session = new Session(hello, hub);
    sessions.add(session);
    return CompletableFuture.completedStage(
        new Admission(session, node.resultAddress(), court, blobUrl, blobToken, standing));
  }

  private static <T> CompletionStage<T> refuse(Problem problem, String detail) {
    return CompletableFuture.failedStage(new ProblemException(problem, "", detail));
  }
}

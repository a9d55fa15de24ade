package xyz.openledger.cluster.member;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.claim.ClaimMessage;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.node.NodeIdentity;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.NodeTerms;
import xyz.openledger.actors.node.NodeView;
import xyz.openledger.actors.node.SessionMessage;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.gateway.Admission;
import xyz.openledger.cluster.gateway.HubSender;
import xyz.openledger.cluster.gateway.NodeDirectory;
import xyz.openledger.cluster.gateway.SessionSink;
import xyz.openledger.cluster.http.NodeTokens;
import xyz.openledger.pools.OwnTerms;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.session.EnrolApplication;
import xyz.openledger.protocol.session.Enrolled;
import xyz.openledger.protocol.session.Heartbeat;
import xyz.openledger.protocol.session.Hello;
import xyz.openledger.protocol.session.Standing;
import xyz.openledger.protocol.session.Words;

/** Brings the gateway's nodes together with their twins. */
final class GatewayDirectory implements NodeDirectory {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration BLOB_TOKEN_VALID = Duration.ofDays(7);

  private final Member member;
  private final BlobStore blobs;
  private final NodeTokens tokens;
  private final Supplier<ResultStatement.Court> court;
  private final Supplier<String> blobUrl;

  GatewayDirectory(
      Member member,
      BlobStore blobs,
      NodeTokens tokens,
      Supplier<ResultStatement.Court> court,
      Supplier<String> blobUrl) {
    this.member = member;
    this.blobs = blobs;
    this.tokens = tokens;
    this.court = court;
    this.blobUrl = blobUrl;
  }

  @Override
  public CompletionStage<Enrolled> enrol(EnrolApplication application) {
    NodeId node = application.node();
    var refusal = refusal(application.terms());
    if (refusal != null) {
      // Before the claim is spent: the next try needs it.
      return CompletableFuture.failedStage(refusal);
    }
    var token = Domain.of("claim").text(application.claimToken()).digest();
    return ask(
            member.claims(),
            (ActorRef<ClaimMessage.Answer> replyTo) -> new ClaimMessage.Spend(token, node, replyTo))
        .thenCompose(claim -> enrol(application, node, claim));
  }

  private CompletionStage<Enrolled> enrol(
      EnrolApplication application, NodeId node, ClaimMessage.Answer claim) {
    var pool = claim.pool();
    var owner = claim.owner();
    if (claim.problem() != null || pool == null || owner == null) {
      return refused(
          claim.problem() == null ? Problem.CLAIM_UNKNOWN : claim.problem(), claim.detail());
    }
    var identity =
        new NodeIdentity(
            node,
            application.terms().name(),
            owner,
            pool,
            HexFormat.of().formatHex(application.transportKey().toByteArray()),
            HexFormat.of().formatHex(application.resultKey().toByteArray()));
    return AskPattern.<NodeMessage, NodeMessage.EnrolReply>ask(
            member.node(node),
            replyTo ->
                new NodeMessage.Enrol(
                    identity,
                    terms(application.terms(), application.benchmark(), application.inventory()),
                    replyTo),
            TIMEOUT,
            member.system().scheduler())
        .thenCompose(
            reply ->
                reply.problem() == null
                    ? CompletableFuture.completedStage(new Enrolled(node, pool, owner, court.get()))
                    : refused(reply.problem(), reply.detail()));
  }

  @Override
  public CompletionStage<Admission> open(Hello hello, HubSender hub) {
    var refusal = refusal(hello.terms());
    if (refusal != null) {
      return CompletableFuture.failedStage(refusal);
    }
    return AskPattern.<NodeMessage, NodeView>ask(
            member.node(hello.node()), NodeMessage.Show::new, TIMEOUT, member.system().scheduler())
        .thenCompose(view -> open(hello, hub, view));
  }

  private CompletionStage<Admission> open(Hello hello, HubSender hub, NodeView view) {
    NodeIdentity identity = view.identity();
    Standing standing = standing(view.standing());
    if (identity == null || standing == null || standing.state() == Standing.State.SUSPENDED) {
      return refused(
          Problem.FORBIDDEN,
          identity == null
              ? "this node is not enrolled here; join again with a new claim code"
              : "this node is " + view.standing() + "; join again with new keys");
    }
    return AskPattern.<SpawnProtocol.Command, ActorRef<SessionMessage>>ask(
            member.system(),
            replyTo ->
                new SpawnProtocol.Spawn<>(
                    NodeSession.create(
                        member.node(hello.node()),
                        hub,
                        blobs,
                        member.words(),
                        hello.hearsNotices()),
                    "session",
                    Props.empty(),
                    replyTo),
            TIMEOUT,
            member.system().scheduler())
        .thenApply(session -> admit(hello, identity, standing, session));
  }

  private Admission admit(
      Hello hello, NodeIdentity identity, Standing standing, ActorRef<SessionMessage> session) {
    var twin = member.node(hello.node());
    twin.tell(
        new NodeMessage.Attached(
            session,
            terms(hello.terms(), hello.benchmark(), hello.inventory()),
            hello.held(),
            hello.fenceSeen(),
            hello.benchmark().memoryStepsPerSecond(),
            hello.terms().cpuQuotaPercent()));
    return new Admission(
        new Sink(session, twin),
        Secp256k1Key.address(HexFormat.of().parseHex(identity.resultKey())),
        court.get(),
        blobUrl.get(),
        tokens.issue(hello.node(), Instant.now().plus(BLOB_TOKEN_VALID)),
        standing);
  }

  /** The gateway's ear. */
  private record Sink(ActorRef<SessionMessage> session, RecipientRef<NodeMessage> twin)
      implements SessionSink {
    @Override
    public CompletionStage<Void> received(
        List<xyz.openledger.protocol.session.NodeMessage> messages) {
      return NodeSession.say(session, messages);
    }

    @Override
    public void heartbeat(Heartbeat heartbeat) {
      twin.tell(
          new NodeMessage.Beat(heartbeat.credits(), heartbeat.state().text(), heartbeat.warm()));
    }

    @Override
    public void words(Words words) {
      NodeSession.words(session, words);
    }

    @Override
    public void writable() {
      NodeSession.writable(session);
    }

    @Override
    public void ended(Ending ending, String detail) {
      session.tell(SessionMessage.Ended.INSTANCE);
      switch (ending) {
        case LEFT, LOST, VIOLATED -> twin.tell(new NodeMessage.Detached(session));
        case SUPERSEDED, CLOSED -> {
          // The next session says what became of this one's leases; or the member itself is going.
        }
      }
    }
  }

  /** What is wrong with what a node asks of jobs; null if nothing is. */
  private static @Nullable ProblemException refusal(xyz.openledger.protocol.session.Terms terms) {
    try {
      new OwnTerms(terms.accept(), terms.prefer()).check();
      return null;
    } catch (ProblemException refused) {
      return refused.within("terms");
    }
  }

  static NodeTerms terms(
      xyz.openledger.protocol.session.Terms terms,
      xyz.openledger.protocol.session.Benchmark benchmark,
      xyz.openledger.protocol.session.Inventory inventory) {
    return new NodeTerms(
        terms.priceNanoOpenPerGigafuel(),
        terms.slots(),
        terms.memoryMaxBytesPerSlot(),
        terms.region(),
        terms.carbonGramsPerKwh(),
        terms.watts(),
        terms.quietHours() == null ? "" : terms.quietHours().toString(),
        terms.labels(),
        benchmark.fuelPerCpuSecond(),
        benchmark.taskRoundTripMicros(),
        new NodeTerms.NodeHardware(
            inventory.os(),
            inventory.architecture(),
            inventory.cpuModel(),
            inventory.cpuFlags(),
            inventory.cores(),
            inventory.memoryBytes(),
            inventory.diskFreeBytes(),
            inventory.accelerators(),
            inventory.sandbox(),
            inventory.agentVersion(),
            inventory.degraded()),
        terms.accept().isEmpty() && terms.prefer().isEmpty()
            ? null
            : new OwnTerms(terms.accept(), terms.prefer()),
        terms.selling());
  }

  private static @Nullable Standing standing(String text) {
    return switch (text) {
      case "joining", "ready", "draining", "suspended" ->
          new Standing(Standing.State.parse(text), "");
      default -> null;
    };
  }

  private <Q, A> CompletionStage<A> ask(ActorRef<Q> actor, Function<ActorRef<A>, Q> question) {
    return AskPattern.ask(actor, question, TIMEOUT, member.system().scheduler());
  }

  private static <T> CompletionStage<T> refused(Problem problem, String detail) {
    return CompletableFuture.failedStage(new ProblemException(problem, "", detail));
  }
}

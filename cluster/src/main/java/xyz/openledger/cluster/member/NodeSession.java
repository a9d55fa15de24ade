package xyz.openledger.cluster.member;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import xyz.openledger.actors.node.HeardBy;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.SessionMessage;
import xyz.openledger.actors.words.WordPost;
import xyz.openledger.actors.words.WordsMessage;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.gateway.HubSender;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.session.CapacityAsk;
import xyz.openledger.protocol.session.HubMessage;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.Notice;
import xyz.openledger.protocol.session.SessionLimits;
import xyz.openledger.protocol.session.Words;

/**
 * One session of one node, between its gateway and its twin. Puts inputs beside leases, and
 * acknowledges what the node said once all of it has taken effect.
 */
final class NodeSession extends AbstractBehavior<SessionMessage> {
  /** How long an effect may take before the node is asked to say it again. */
  private static final Duration EFFECT_TIMEOUT = Duration.ofSeconds(30);

  /** What the gateway hands over: messages of the node, to be acknowledged together. */
  record Said(
      List<xyz.openledger.protocol.session.NodeMessage> messages, CompletableFuture<Void> heard)
      implements SessionMessage.Local {}

  private record Late(long token) implements SessionMessage.Local {}

  private record Grew(Words words) implements SessionMessage.Local {}

  private enum Writable implements SessionMessage.Local {
    INSTANCE
  }

  private static final class Pending {
    final CompletableFuture<Void> heard;
    int left;

    Pending(CompletableFuture<Void> heard, int left) {
      this.heard = heard;
      this.left = left;
    }
  }

  private final RecipientRef<NodeMessage> twin;
  private final HubSender hub;
  private final BlobStore blobs;
  private final boolean hearsNotices;
  private final TimerScheduler<SessionMessage> timers;
  private final Map<Long, Pending> pending = new HashMap<>();
  private final Deque<HubMessage> waiting = new ArrayDeque<>();
  private final ActorRef<WordPost.Command> post;

  /** Whose words this node may say: those of its own leases that are streamed. */
  private final Set<ReplicaId> streamed = new HashSet<>();

  private long tokens;

  private NodeSession(
      ActorContext<SessionMessage> context,
      TimerScheduler<SessionMessage> timers,
      RecipientRef<NodeMessage> twin,
      HubSender hub,
      BlobStore blobs,
      ActorRef<WordPost.Command> post,
      boolean hearsNotices) {
    super(context);
    this.post = post;
    this.hearsNotices = hearsNotices;
    this.timers = timers;
    this.twin = twin;
    this.hub = hub;
    this.blobs = blobs;
  }

  static Behavior<SessionMessage> create(
      RecipientRef<NodeMessage> twin,
      HubSender hub,
      BlobStore blobs,
      ActorRef<WordPost.Command> post,
      boolean hearsNotices) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new NodeSession(context, timers, twin, hub, blobs, post, hearsNotices)));
  }

  /** Tells the session that there is room again. */
  static void writable(ActorRef<SessionMessage> session) {
    session.tell(Writable.INSTANCE);
  }

  /** Tells the session what the node says of an answer that it still makes. */
  static void words(ActorRef<SessionMessage> session, Words words) {
    session.tell(new Grew(words));
  }

  @Override
  public Receive<SessionMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(Said.class, this::said)
        .onMessage(SessionMessage.Heard.class, this::heard)
        .onMessage(Late.class, this::late)
        .onMessage(Writable.class, _ -> flush())
        .onMessage(SessionMessage.Leases.class, this::lease)
        .onMessage(
            SessionMessage.RevealRequests.class,
            message -> send(new HubMessage.RevealRequested(message.replicas())))
        .onMessage(
            SessionMessage.Cancels.class,
            message -> {
              message.replicas().forEach(streamed::remove);
              return send(new HubMessage.Cancelled(message.replicas()));
            })
        .onMessage(Grew.class, this::grew)
        .onMessage(SessionMessage.Notices.class, this::notice)
        .onMessage(
            SessionMessage.CapacityAsk.class,
            ask -> send(new HubMessage.CapacityAsked(new CapacityAsk(ask.seed(), ask.steps()))))
        .onMessage(SessionMessage.Drain.class, _ -> send(new HubMessage.Drained()))
        .onMessage(
            SessionMessage.Standing.class,
            message -> send(new HubMessage.StandingChanged(message.standing())))
        .onMessage(SessionMessage.Goodbye.class, this::goodbye)
        .onMessage(SessionMessage.Ended.class, _ -> Behaviors.stopped())
        .build();
  }

  private Behavior<SessionMessage> said(Said said) {
    long token = ++tokens;
    var heardBy = new HeardBy(getContext().getSelf(), token);
    int count = 0;
    for (var message : said.messages()) {
      count += NodeWords.size(message);
    }
    if (count == 0) {
      said.heard().complete(null);
    } else {
      pending.put(token, new Pending(said.heard(), count));
      timers.startSingleTimer(token, new Late(token), EFFECT_TIMEOUT);
    }
    for (var message : said.messages()) {
      twin.tell(NodeWords.toTwin(message, heardBy));
    }
    return this;
  }

  private Behavior<SessionMessage> heard(SessionMessage.Heard message) {
    Pending batch = pending.get(message.token());
    if (batch != null && --batch.left == 0) {
      pending.remove(message.token());
      timers.cancel(message.token());
      batch.heard.complete(null);
    }
    return this;
  }

  private Behavior<SessionMessage> grew(Grew grew) {
    Words words = grew.words();
    if (streamed.contains(words.replica())) {
      WordPost.heard(post, new WordsMessage.Said(words.replica(), words.position(), words.text()));
    }
    return this;
  }

  private Behavior<SessionMessage> late(Late late) {
    Pending batch = pending.remove(late.token());
    if (batch != null) {
      batch.heard.completeExceptionally(
          new IllegalStateException("what the node said did not take effect in time"));
    }
    return this;
  }

  private Behavior<SessionMessage> lease(SessionMessage.Leases message) {
    var leases = new ArrayList<Lease>();
    for (NodeMessage.Work work : message.works()) {
      leases.add(lease(work));
      if (work.streamed()) {
        streamed.add(work.replica());
      }
    }
    return send(new HubMessage.Leased(leases));
  }

  private Lease lease(NodeMessage.Work work) {
    long bytes = blobs.find(work.input()).map(blob -> blob.bytes()).orElse(0L);
    ByteString inline =
        bytes <= SessionLimits.INLINE_BYTES_MAX
            ? blobs.read(work.input()).map(ByteString::copyFrom).orElse(null)
            : null;
    return new Lease(
        work.replica(),
        work.fence(),
        work.module(),
        work.code(),
        work.arguments(),
        work.input(),
        bytes,
        inline,
        work.fuelMax(),
        work.memoryMaxBytes(),
        work.outputMaxBytes(),
        work.leaseMillis(),
        work.revealAtOnce(),
        work.priceNanoOpenPerGigafuel(),
        work.streamed(),
        work.attest(),
        work.share(),
        work.saved());
  }

  /** An agent of an earlier release hears of it when it is over, by a cancel. */
  private Behavior<SessionMessage> notice(SessionMessage.Notices message) {
    return hearsNotices
        ? send(
            new HubMessage.Noticed(
                message.notices().stream()
                    .map(
                        notice ->
                            new Notice(
                                notice.replica(),
                                notice.fence(),
                                Math.clamp(notice.millis(), 1, Lease.DEADLINE_MILLIS_MAX),
                                notice.reason()))
                    .toList()))
        : this;
  }

  private Behavior<SessionMessage> send(HubMessage message) {
    waiting.add(message);
    return flush();
  }

  private Behavior<SessionMessage> flush() {
    while (!waiting.isEmpty() && hub.send(waiting.peek())) {
      waiting.remove();
    }
    return this;
  }

  private Behavior<SessionMessage> goodbye(SessionMessage.Goodbye goodbye) {
    hub.close(goodbye.problem(), goodbye.detail());
    return this;
  }

  /** For the gateway: hands messages over. */
  static CompletionStage<Void> say(
      ActorRef<SessionMessage> session,
      List<xyz.openledger.protocol.session.NodeMessage> messages) {
    var heard = new CompletableFuture<Void>();
    session.tell(new Said(List.copyOf(messages), heard));
    return heard;
  }
}

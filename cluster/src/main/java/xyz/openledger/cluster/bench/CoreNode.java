package xyz.openledger.cluster.bench;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import xyz.openledger.actors.node.HeardBy;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.SessionMessage;
import xyz.openledger.cluster.member.NodeWords;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.session.NodeMessage.Revealed;
import xyz.openledger.protocol.session.Reveal;
import xyz.openledger.protocol.session.RevealBatch;

/**
 * A node inside the member's own process: it runs nothing, and commits, reveals and signs as an
 * agent does. What it says is checked as the gateway checks it before it reaches the twin.
 *
 * <p>Like an agent, whatever is ready at the same moment is signed together.
 */
final class CoreNode extends AbstractBehavior<SessionMessage> {
  private enum Flush implements SessionMessage.Local {
    INSTANCE
  }

  private record Held(NodeMessage.Work work, ByteString salt) {}

  private final NodeId id;
  private final Secp256k1Key key;
  private final Address address;
  private final ResultStatement.Court court;
  private final RecipientRef<NodeMessage> twin;
  private final LongAdder signatures;
  private final Map<ReplicaId, Held> held = new HashMap<>();
  private final List<NodeMessage.Commit> commits = new ArrayList<>();
  private final List<Held> reveals = new ArrayList<>();
  private final byte[] salt = new byte[Commitment.SALT_BYTES];
  private boolean flushing;
  private long salts;
  private long tokens;

  private CoreNode(
      ActorContext<SessionMessage> context,
      NodeId id,
      Secp256k1Key key,
      ResultStatement.Court court,
      RecipientRef<NodeMessage> twin,
      LongAdder signatures) {
    super(context);
    this.id = id;
    this.key = key;
    this.address = key.address();
    this.court = court;
    this.twin = twin;
    this.signatures = signatures;
  }

  /**
   * A node's end of its session.
   *
   * @param signatures counts what was signed, and checked
   */
  static Behavior<SessionMessage> create(
      NodeId id,
      Secp256k1Key key,
      ResultStatement.Court court,
      RecipientRef<NodeMessage> twin,
      LongAdder signatures) {
    return Behaviors.setup(context -> new CoreNode(context, id, key, court, twin, signatures));
  }

  @Override
  public Receive<SessionMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(SessionMessage.Leases.class, this::lease)
        .onMessage(SessionMessage.RevealRequests.class, this::reveal)
        .onMessage(SessionMessage.Cancels.class, this::cancel)
        .onMessage(Flush.class, _ -> flush())
        .onMessage(SessionMessage.Goodbye.class, this::goodbye)
        .onAnyMessage(_ -> this)
        .build();
  }

  private Behavior<SessionMessage> lease(SessionMessage.Leases leases) {
    for (NodeMessage.Work work : leases.works()) {
      if (work.revealAtOnce()) {
        reveals.add(new Held(work, ByteString.EMPTY));
      } else {
        ByteString drawn = salt();
        held.put(work.replica(), new Held(work, drawn));
        commits.add(
            new NodeMessage.Commit(
                work.replica(),
                work.fence(),
                Commitment.of(work.replica(), id, CoreWork.OUTCOME.digest(), drawn.toByteArray())));
      }
    }
    return flushSoon();
  }

  /** Unlike any before, which is all that matters where nobody guesses. */
  private ByteString salt() {
    long number = ++salts;
    for (int i = 0; i < Long.BYTES; i++) {
      salt[i] = (byte) (number >>> (8 * i));
    }
    return ByteString.copyFrom(salt);
  }

  private Behavior<SessionMessage> reveal(SessionMessage.RevealRequests asked) {
    for (ReplicaId replica : asked.replicas()) {
      Held known = held.get(replica);
      if (known != null) {
        reveals.add(known);
      }
    }
    return flushSoon();
  }

  private Behavior<SessionMessage> cancel(SessionMessage.Cancels cancels) {
    cancels.replicas().forEach(held::remove);
    return this;
  }

  /** After everything that waits in the mailbox by now: so batches grow with the load. */
  private Behavior<SessionMessage> flushSoon() {
    if (!flushing) {
      flushing = true;
      getContext().getSelf().tell(Flush.INSTANCE);
    }
    return this;
  }

  private Behavior<SessionMessage> flush() {
    flushing = false;
    if (!commits.isEmpty()) {
      twin.tell(new NodeMessage.Commits(List.copyOf(commits), heardBy()));
      commits.clear();
    }
    for (int from = 0; from < reveals.size(); from += ResultStatement.BATCH_MAX) {
      int to = Math.min(reveals.size(), from + ResultStatement.BATCH_MAX);
      show(List.copyOf(reveals.subList(from, to)));
    }
    reveals.clear();
    return this;
  }

  private void show(List<Held> batch) {
    var shown = new ArrayList<Reveal>();
    for (Held one : batch) {
      shown.add(
          new Reveal(
              one.work().replica(),
              one.work().fence(),
              one.work().task(),
              CoreWork.OUTCOME,
              ByteString.copyFrom(CoreWork.OUTPUT),
              one.salt(),
              0,
              ""));
    }
    RevealBatch signed = RevealBatch.sign(shown, id, court, key);
    signatures.increment();
    if (!signed.isSignedBy(address, id, court)) {
      throw new IllegalStateException("a signature does not hold");
    }
    twin.tell(NodeWords.toTwin(new Revealed(signed), heardBy()));
  }

  private HeardBy heardBy() {
    return new HeardBy(getContext().getSelf(), ++tokens);
  }

  private Behavior<SessionMessage> goodbye(SessionMessage.Goodbye goodbye) {
    throw new IllegalStateException(id + " was sent away: " + goodbye.detail());
  }
}

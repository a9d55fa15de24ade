package xyz.openledger.actors.node;

import java.time.Clock;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.verification.challenge.Capacity;

/**
 * The twin of one contributed machine. Durable: who it is, and where it stands. Not durable: its
 * stream and the leases on it, which the jobs know better.
 *
 * <pre>
 *   job partition ──Dispatch──▶ ┌──────┐ ──Leases──▶ stream ──▶ machine
 *                 ◀─Committed── │ twin │ ◀─Commits──
 *                 ◀─Revealed─── └──────┘ ◀─Reveals──   (signature checked here, once a batch)
 *                 ◀─Lost─────────   stream gone for longer than the grace
 * </pre>
 */
public final class NodeEntity extends EventSourcedBehavior<NodeMessage, NodeEvent, NodeState> {
  /** Sharding's name for nodes. */
  public static final EntityTypeKey<NodeMessage> KEY =
      EntityTypeKey.create(NodeMessage.class, "node");

  /** Marks the events for the views. */
  public static final String TAG = "node";

  private final NodeId node;
  private final Clock clock;
  private final Attachment attachment;
  private final CapacityWatch capacity;

  private NodeEntity(String id, Attachment attachment, CapacityWatch capacity, Clock clock) {
    super(PersistenceId.of(KEY.name(), id));
    this.node = NodeId.parse(id);
    this.clock = clock;
    this.attachment = attachment;
    this.capacity = capacity;
  }

  /** The twin of the node with that id. */
  public static Behavior<NodeMessage> create(String id, NodeNeighbours neighbours, Clock clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new NodeEntity(
                        id,
                        new Attachment(NodeId.parse(id), context, timers, neighbours),
                        new CapacityWatch(NodeId.parse(id), context, timers, neighbours.capacity()),
                        clock)));
  }

  @Override
  public NodeState emptyState() {
    return NodeState.UNKNOWN;
  }

  @Override
  public EventHandler<NodeState, NodeEvent> eventHandler() {
    return NodeState::apply;
  }

  @Override
  public Set<String> tagsFor(NodeEvent event) {
    return Set.of(TAG);
  }

  @Override
  public CommandHandler<NodeMessage, NodeEvent, NodeState> commandHandler() {
    return (state, message) ->
        switch (message) {
          case NodeMessage.Enrol enrol -> enrol(state, enrol);
          case NodeMessage.Attached attached -> attach(state, attached);
          case NodeMessage.ChallengeFence(var fence) -> then(() -> challenge(state, fence));
          case NodeMessage.Reveals reveals -> reveals(reveals);
          case NodeMessage.Faults faults -> faults(faults);
          case NodeMessage.Beat beat -> then(() -> attachment.beat(state, beat));
          case NodeMessage.Drain(var replyTo) -> drain(state, replyTo);
          case NodeMessage.Leaving(var permanent) -> leave(state, permanent);
          case NodeMessage.Registered(var hash, var stake) ->
              Effect()
                  .persist(new NodeEvent.Registered(node, hash, stake, clock.millis()))
                  .thenRun(attachment::staked);
          case NodeMessage.Show(var replyTo) -> then(() -> replyTo.tell(attachment.view(state)));
          case NodeMessage.Dispatch(var work) -> then(() -> dispatch(work));
          case NodeMessage.Reveal(var replicas) -> then(() -> attachment.askReveal(replicas));
          case NodeMessage.Notice notice -> then(() -> attachment.notice(notice));
          case NodeMessage.Cancel(var replicas) -> then(() -> attachment.cancel(replicas));
          case NodeMessage.Reattach reattach -> then(() -> attachment.reattach(reattach));
          case NodeMessage.Detached(var session) -> then(() -> attachment.detach(state, session));
          case NodeMessage.Overdue(var which) -> then(() -> attachment.overdue(state, which));
          case NodeMessage.CapacityDue _ -> then(() -> measure(state));
          case NodeMessage.CapacityAnswer answer -> then(() -> capacity.answered(answer));
          case NodeMessage.CapacityJudged judged -> judged(state, judged);
          case NodeMessage.Commits commits -> then(() -> attachment.commits(commits));
        };
  }

  private Effect<NodeEvent, NodeState> enrol(NodeState state, NodeMessage.Enrol enrol) {
    if (state.standing() == NodeState.Standing.LEFT
        || state.standing() == NodeState.Standing.SUSPENDED) {
      return refuse(
          enrol.replyTo(),
          Problem.WRONG_STATE,
          "this node has " + state.standing() + "; make new keys to join again");
    }
    return Effect()
        .persist(new NodeEvent.Enrolled(node, enrol.identity(), enrol.terms(), clock.millis()))
        .thenRun((NodeState _) -> enrol.replyTo().tell(new NodeMessage.EnrolReply(null, "")));
  }

  private Effect<NodeEvent, NodeState> attach(NodeState state, NodeMessage.Attached attached) {
    switch (state.standing()) {
      case UNKNOWN, LEFT, SUSPENDED ->
          attached
              .session()
              .tell(
                  new SessionMessage.Goodbye(
                      Problem.FORBIDDEN, "this node is " + state.standing()));
      case JOINING, READY, DRAINING -> {
        attachment.attach(state, attached);
        capacity.attached(attached.memoryStepsPerSecond(), attached.fuelPerSecond());
      }
    }
    return Effect().none();
  }

  private void measure(NodeState state) {
    Measure next = capacity.due(attachment.isIdle(state));
    if (next == Measure.MEMORY) {
      attachment.ask(capacity.walk());
    } else if (next == Measure.FUEL) {
      attachment.askFence(state);
    }
  }

  /** The first one decides whether it may work at all; later ones, what its speed is worth. */
  private void challenge(NodeState state, long fence) {
    if (state.standing() == NodeState.Standing.JOINING) {
      attachment.challenge(fence);
    } else if (attachment.isIdle(state)) {
      xyz.openledger.verification.challenge.Challenge program = capacity.burn();
      if (program != null) {
        attachment.burn(program, fence);
      }
    }
  }

  /** Work goes before challenges. */
  private void dispatch(NodeMessage.Work work) {
    capacity.passOver();
    attachment.stopBurning();
    attachment.dispatch(work);
  }

  /** A downgraded node is offered as what it does, until it keeps up with its claim again. */
  private Effect<NodeEvent, NodeState> judged(NodeState state, NodeMessage.CapacityJudged judged) {
    CapacityWatch.Finding finding = capacity.judged(judged, state.downgrades(), clock.millis());
    if (finding == null) {
      return Effect().none();
    }
    attachment.stopBurning();
    return finding.change() == Capacity.Change.NONE
        ? Effect().none()
        : Effect()
            .persist(event(finding.change(), finding.found()))
            .thenRun(attachment::offerAgain);
  }

  private NodeEvent event(Capacity.Change change, Downgrade found) {
    long claimed = found.claimedPerSecond();
    long measured = found.measuredPerSecond();
    long atMillis = found.sinceMillis();
    boolean down = change == Capacity.Change.DOWNGRADED;
    return switch (found.measure()) {
      case MEMORY ->
          down
              ? new NodeEvent.Downgraded(node, claimed, measured, atMillis)
              : new NodeEvent.Restored(node, measured, atMillis);
      case FUEL ->
          down
              ? new NodeEvent.FuelDowngraded(node, claimed, measured, atMillis)
              : new NodeEvent.FuelRestored(node, measured, atMillis);
    };
  }

  private Effect<NodeEvent, NodeState> reveals(NodeMessage.Reveals reveals) {
    var answer = attachment.reveals(reveals);
    return switch (answer) {
      case NONE -> Effect().none();
      case PASSED ->
          Effect()
              .persist(new NodeEvent.ChallengePassed(node, clock.millis()))
              .thenRun(attachment::ready);
      case FAILED -> challengeFailed("its answer is wrong");
    };
  }

  private Effect<NodeEvent, NodeState> faults(NodeMessage.Faults faults) {
    return attachment.faults(faults)
        ? challengeFailed("it could not run its challenge")
        : Effect().none();
  }

  private Effect<NodeEvent, NodeState> challengeFailed(String detail) {
    return Effect()
        .persist(new NodeEvent.ChallengeFailed(node, detail, clock.millis()))
        .thenRun((NodeState _) -> attachment.goodbye(Problem.CHALLENGE_FAILED, detail));
  }

  private Effect<NodeEvent, NodeState> drain(
      NodeState state, ActorRef<NodeMessage.EnrolReply> replyTo) {
    if (state.standing() != NodeState.Standing.READY) {
      return refuse(replyTo, Problem.WRONG_STATE, "the node is " + state.standing());
    }
    return Effect()
        .persist(new NodeEvent.Drained(node, clock.millis()))
        .thenRun(
            (NodeState after) -> {
              attachment.drain(after);
              replyTo.tell(new NodeMessage.EnrolReply(null, ""));
            });
  }

  private Effect<NodeEvent, NodeState> leave(NodeState state, boolean permanent) {
    attachment.leave(state, permanent);
    return permanent ? Effect().persist(new NodeEvent.Left(node, clock.millis())) : Effect().none();
  }

  private Effect<NodeEvent, NodeState> refuse(
      ActorRef<NodeMessage.EnrolReply> replyTo, Problem problem, String detail) {
    replyTo.tell(new NodeMessage.EnrolReply(problem, detail));
    return Effect().none();
  }

  private Effect<NodeEvent, NodeState> then(Runnable action) {
    action.run();
    return Effect().none();
  }
}

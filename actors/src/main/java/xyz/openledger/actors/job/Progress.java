package xyz.openledger.actors.job;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ReplicaId;

/**
 * What a partition has set in motion for one job and not heard of yet. Nothing here is durable:
 * after a crash it starts empty, and everything is asked again, which all neighbours allow.
 */
final class Progress {

  /**
   * A pool that was asked for nodes.
   *
   * @param reason why this one
   */
  record Routed(PoolId pool, long atMillis, String reason) {}

  /** Requested of a pool and not placed, by task. */
  final Map<Integer, TreeSet<Integer>> requested = new HashMap<>();

  /** How many replicas a task may take beyond those, as last reckoned. */
  final Map<Integer, Integer> later = new HashMap<>();

  /** Where each task was sent. */
  final Map<Integer, Routed> routed = new HashMap<>();

  /** Pools that said never, or not soon, by task, and what there is to say of it. */
  final Map<Integer, Map<PoolId, String>> left = new HashMap<>();

  /** Why a task finds no node, or not yet. */
  final Map<Integer, List<String>> waiting = new HashMap<>();

  /** Until when a task waits by its own policy: no reason to try another pool. */
  final Map<Integer, Long> notBefore = new HashMap<>();

  final Set<ReplicaId> dispatched = new HashSet<>();
  final Set<ReplicaId> noticed = new HashSet<>();
  final Set<ReplicaId> released = new HashSet<>();
  final Set<ReplicaId> revealAsked = new HashSet<>();

  /** Outcomes whose products are being checked. */
  final Set<ReplicaId> checking = new HashSet<>();

  final Set<ActorRef<JobMessage.SubmitReply>> submitters = new HashSet<>();
  boolean held;
  boolean moved;

  /** Whether the leaf of what was answered first is asked for, and whether it is there. */
  boolean answerAsked;

  boolean answerLogged;
  long logIndex = NOT_LOGGED;
  long askedAtMillis;

  /** The job has no receipt to wait for. */
  static final long NO_RECEIPT = -1;

  static final long NOT_LOGGED = -2;

  /** The number for one more replica of a task: above all that were ever placed or asked for. */
  int nextNumber(Job.Task task) {
    int next = 0;
    for (JobReplica replica : task.replicas()) {
      next = Math.max(next, replica.grant().replica().number() + 1);
    }
    TreeSet<Integer> asked = requested.get(task.index());
    return asked == null || asked.isEmpty() ? next : Math.max(next, asked.last() + 1);
  }

  /** How many replicas are still to share what the job may cost. */
  int pending() {
    return requested.values().stream().mapToInt(TreeSet::size).sum()
        + later.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Nullable PoolId pool(int task) {
    Routed to = routed.get(task);
    return to == null ? null : to.pool();
  }

  /** Answers all who wait for the job to be taken. */
  void reply(JobMessage.SubmitReply reply) {
    submitters.forEach(submitter -> submitter.tell(reply));
    submitters.clear();
  }

  /** Whether the bookkeeping is done. */
  boolean complete() {
    return moved && logIndex != NOT_LOGGED && (answerLogged || !answerAsked);
  }
}

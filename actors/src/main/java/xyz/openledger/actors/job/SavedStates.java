package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.Payout;

/**
 * Which replicas go on from where others were stopped, and who is paid for what.
 *
 * <pre>
 *   r0 ── preempted, saved after step 12 ──▶ r2 goes on ── saved after step 30 ──▶ r3 goes on ──▶ accepted
 *   paid for steps until 12                  for 13 to 30                          for the rest
 * </pre>
 *
 * <p>A state comes from a stranger. Whoever goes on from it says what comes of it, and that is
 * compared with what other replicas say. So that no two of those rest on one owner's word, a state
 * serves one replica alone, and its owner has no other say in the task.
 */
public final class SavedStates {
  /** How many replicas may try to go on from one state. */
  public static final int TRIES_MAX = 2;

  private SavedStates() {}

  /**
   * Whether the tasks of a job can go on from where another node stopped. A policy that judges a
   * node by what it has shown would judge the wrong one; so it is where outcomes are compared, or
   * where one node's word is enough.
   */
  public static boolean allowed(Job job) {
    Policy.Method method = job.spec().policy().verification().method();
    return job.workload() instanceof Workload.Finetune
        && (method == Policy.Method.TRUSTED || method == Policy.Method.QUORUM);
  }

  /** What is said of it when notice is given. */
  static String words(Job job) {
    return allowed(job)
        ? "its state is saved, and another node goes on from it"
        : job.workload() instanceof Workload.Finetune
            ? "its policy lets nobody go on from another node's state, so it begins anew"
            : "its state is not saved, so it begins anew";
  }

  /** What a node says that it saved, if it can be; else nothing. */
  static @Nullable SavedState credible(Job job, JobReplica replica, @Nullable SavedState saved) {
    Receipt.Resumed resumed = replica.grant().resumed();
    return saved != null
            && allowed(job)
            && saved.fuel() < job.workload().fuelMax()
            && (resumed == null
                || (saved.step() > resumed.saved().step() && saved.fuel() > resumed.saved().fuel()))
        ? saved
        : null;
  }

  /** The same leases, those first to go on from what was saved that find something. */
  public static List<Grant> assign(Job job, List<Grant> grants) {
    if (!allowed(job)) {
      return grants;
    }
    var assigned = new ArrayList<Grant>();
    for (Grant grant : grants) {
      Job.Task task = job.tasks().get(grant.replica().task().index());
      for (Grant before : assigned) {
        if (before.replica().task().equals(grant.replica().task())) {
          task = task.and(JobReplica.leased(before, 0, false));
        }
      }
      JobReplica from = from(job, task, grant);
      SavedState saved = from == null ? null : from.saved();
      assigned.add(
          from == null || saved == null
              ? grant
              : grant.resuming(new Receipt.Resumed(from.grant().replica(), saved)));
    }
    return List.copyOf(assigned);
  }

  /** The furthest state that this lease may go on from. */
  private static @Nullable JobReplica from(Job job, Job.Task task, Grant grant) {
    JobReplica furthest = null;
    for (JobReplica replica : task.replicas()) {
      SavedState saved = replica.saved();
      SavedState best = furthest == null ? null : furthest.saved();
      if (saved != null
          && (best == null || saved.step() > best.step())
          && isFree(task, replica)
          && mayRestOn(job, task, grant, replica)) {
        furthest = replica;
      }
    }
    return furthest;
  }

  private static boolean isFree(Job.Task task, JobReplica saved) {
    ReplicaId id = saved.grant().replica();
    List<JobReplica> tried =
        task.replicas().stream()
            .filter(
                each -> {
                  Receipt.Resumed resumed = each.grant().resumed();
                  return resumed != null && resumed.from().equals(id);
                })
            .toList();
    return tried.size() < TRIES_MAX
        && tried.stream()
            .noneMatch(
                each ->
                    hasSay(each)
                        || each.saved() != null
                        || each.problem() == Problem.SAVED_STATE_REFUSED);
  }

  private static boolean mayRestOn(Job job, Job.Task task, Grant grant, JobReplica saved) {
    if (job.spec().policy().verification().parameters().agreement() == 1) {
      return true;
    }
    Set<Address> owners = owners(task, saved);
    owners.add(grant.owner());
    return task.replicas().stream()
        .filter(SavedStates::hasSay)
        .noneMatch(other -> owners(task, other).stream().anyMatch(owners::contains));
  }

  /**
   * Owners on whose states a replica rests that has a say: they get no further lease of the task.
   */
  static Set<Address> ownersApart(Job job, Job.Task task) {
    return job.spec().policy().verification().parameters().agreement() == 1
        ? Set.of()
        : task.replicas().stream()
            .filter(replica -> hasSay(replica) && replica.grant().resumed() != null)
            .flatMap(replica -> owners(task, replica).stream())
            .collect(Collectors.toSet());
  }

  private static Set<Address> owners(Job.Task task, JobReplica last) {
    var owners = new HashSet<Address>();
    chain(task, last).forEach(replica -> owners.add(replica.grant().owner()));
    return owners;
  }

  /** A replica, the one from whose state it went on, and so on. */
  private static List<JobReplica> chain(Job.Task task, JobReplica last) {
    var chain = new ArrayList<JobReplica>();
    JobReplica next = last;
    while (next != null && chain.size() <= task.replicas().size()) {
      chain.add(next);
      Receipt.Resumed resumed = next.grant().resumed();
      next = resumed == null ? null : task.replica(resumed.from());
    }
    return chain;
  }

  private static boolean hasSay(JobReplica replica) {
    return replica.live() || replica.phase() == JobReplica.Phase.REVEALED;
  }

  /** What a replica that went on is paid, and how it stands. */
  static Payout ofResumed(JobReplica replica, Payout usual) {
    Receipt.Resumed resumed = replica.grant().resumed();
    Outcome outcome = replica.outcome();
    if (resumed == null || outcome == null) {
      return usual;
    }
    return switch (usual.standing()) {
      case ACCEPTED ->
          new Payout(
              usual.standing(),
              Math.min(
                  usual.nanoOpen(),
                  price(replica, Math.max(0, outcome.fuelUsed() - resumed.saved().fuel()))));
      // Which of the two was wrong, it or whoever saved the state, nobody can tell.
      case REJECTED -> new Payout(Receipt.Standing.RELEASED, 0);
      case LOST, RELEASED -> usual;
    };
  }

  /**
   * What a node that had to make room is paid for.
   *
   * @param accepted replicas whose outcome was accepted; what they rest on is worth its steps, and
   *     what nobody confirmed no more than the time that it took
   */
  static long fuel(Job.Task task, JobReplica stopped, Set<ReplicaId> accepted) {
    JobReplica.Notice notice = stopped.notice();
    if (stopped.phase() != JobReplica.Phase.PREEMPTED || notice == null) {
      return 0;
    }
    if (notice.saved() == null) {
      return notice.fuel();
    }
    boolean confirmed =
        task.replicas().stream()
            .filter(replica -> accepted.contains(replica.grant().replica()))
            .anyMatch(replica -> chain(task, replica).contains(stopped));
    return confirmed ? claimed(stopped) : Math.min(claimed(stopped), notice.fuel());
  }

  /** What a node that had to make room may be paid for at the most. */
  static long fuelMax(JobReplica stopped) {
    JobReplica.Notice notice = stopped.notice();
    if (stopped.phase() != JobReplica.Phase.PREEMPTED || notice == null) {
      return 0;
    }
    return notice.saved() == null ? notice.fuel() : claimed(stopped);
  }

  /** What its own steps burn, as it says. */
  private static long claimed(JobReplica stopped) {
    SavedState saved = stopped.saved();
    Receipt.Resumed resumed = stopped.grant().resumed();
    long until = saved == null ? 0 : saved.fuel();
    return Math.max(0, until - (resumed == null ? 0 : resumed.saved().fuel()));
  }

  private static long price(JobReplica replica, long fuel) {
    return Price.ofReplica(fuel, replica.grant().priceNanoOpenPerGigafuel());
  }
}

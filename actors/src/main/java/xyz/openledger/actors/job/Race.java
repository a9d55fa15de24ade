package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.JobReplica.Phase;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Payout;
import xyz.openledger.verification.Replica;
import xyz.openledger.verification.Verdict;

/**
 * A replica that takes long, and the second one beside it. The task needs one of the two, so
 * whichever runs on is not waited for once the other has come; until then only the second one is.
 *
 * <pre>
 *   straggler runs, second not leased yet   the task wants one more
 *   both run                                the task waits for one
 *   one has come, the other runs            the task goes on without the other
 *   both have come                          the later is paid {@link #LOSER_BASIS_POINTS}
 *   either is lost, or found wrong          the other counts as if it were alone
 * </pre>
 *
 * @param straggler whose slowness began it
 * @param before how many replicas the task had then: the next one is the second
 * @param first which of the two came first; null until one has
 */
public record Race(ReplicaId straggler, int before, @Nullable ReplicaId first) {
  /** What the later one is paid of its price, in 10,000, if it agreed before all was decided. */
  public static final int LOSER_BASIS_POINTS = 5_000;

  /** The same once it is known who came first. */
  Race after(List<JobReplica> replicas) {
    if (first != null) {
      return this;
    }
    for (JobReplica replica : pair(replicas)) {
      if (come(replica)) {
        return new Race(straggler, before, replica.grant().replica());
      }
    }
    return this;
  }

  /** Whether the second one is not leased yet, and no longer wanted. */
  public static boolean isPointless(Job.Task task) {
    Race race = task.race();
    return race != null && task.replicas().size() <= race.before() && !race.waits(task.replicas());
  }

  /**
   * The replicas as a verdict should see them.
   *
   * @param agreement how many must agree: where one is enough, only the first of the two is heard
   */
  static List<Replica> seen(Job.Task task, int agreement) {
    Race race = task.race();
    var seen = new ArrayList<Replica>();
    for (JobReplica replica : task.replicas()) {
      Replica plain = JobRules.replica(replica);
      boolean passedOver =
          race != null
              && (race.isNotWaitedFor(task.replicas(), replica)
                  || (agreement == 1 && race.isLater(task.replicas(), replica)));
      seen.add(
          passedOver
              ? new Replica(
                  plain.id(),
                  plain.node(),
                  plain.owner(),
                  Replica.State.RELEASED,
                  null,
                  Replica.Standing.NONE)
              : plain);
    }
    return seen;
  }

  /** The owner of the one that runs on has a part in the task already. */
  static Verdict apart(Job.Task task, Verdict verdict) {
    Race race = task.race();
    if (race == null
        || !(verdict instanceof Verdict.Lease(var count, var missing, var owners, var nodes))) {
      return verdict;
    }
    Set<Address> more = new HashSet<>(owners);
    race.pair(task.replicas()).stream()
        .filter(JobReplica::live)
        .forEach(replica -> more.add(replica.grant().owner()));
    return new Verdict.Lease(count, missing, more, nodes);
  }

  /**
   * What a replica is paid. The later of the two is paid in full where the result needed it.
   *
   * @param agrees whether it came to what was accepted: to the bit, within the tolerance, or by a
   *     check of its own
   * @param agreeing how many did
   * @param agreement how many had to
   * @param usual what it would be paid if there were no race
   */
  static Payout payout(
      Job.Task task,
      JobReplica replica,
      boolean agrees,
      long agreeing,
      int agreement,
      Payout usual) {
    Race race = task.race();
    Outcome said = replica.outcome();
    if (race == null || said == null || !race.isLater(task.replicas(), replica)) {
      return usual;
    }
    if (!agrees) {
      // One against one proves nothing; in a larger vote it has dissented like any other.
      return usual.standing() == Standing.REJECTED && race.isAlone(task)
          ? new Payout(Standing.RELEASED, 0)
          : usual;
    }
    if (agreeing <= agreement) {
      return usual;
    }
    long price = Price.ofReplica(said.fuelUsed(), replica.grant().priceNanoOpenPerGigafuel());
    return new Payout(Standing.ACCEPTED, part(price));
  }

  private static long part(long price) {
    return price / 10_000 * LOSER_BASIS_POINTS + price % 10_000 * LOSER_BASIS_POINTS / 10_000;
  }

  /** Whether nobody but the two answered. */
  private boolean isAlone(Job.Task task) {
    return task.replicas().stream().filter(each -> each.outcome() != null).count() == 2;
  }

  private boolean isNotWaitedFor(List<JobReplica> replicas, JobReplica replica) {
    List<JobReplica> pair = pair(replicas);
    if (replica.phase() != Phase.LEASED || !pair.contains(replica)) {
      return false;
    }
    boolean slow = replica.grant().replica().equals(straggler);
    if (pair.size() < 2) {
      return slow;
    }
    JobReplica other = pair.get(slow ? 1 : 0);
    return slow ? other.phase() != Phase.LOST : come(other);
  }

  private boolean isLater(List<JobReplica> replicas, JobReplica replica) {
    List<JobReplica> pair = pair(replicas);
    return pair.contains(replica)
        && come(replica)
        && pair.stream()
            .anyMatch(
                other ->
                    other.grant().replica().equals(first)
                        && !other.equals(replica)
                        && come(other)
                        && !isRefuted(other));
  }

  private static boolean isRefuted(JobReplica replica) {
    JobEvent.Reveal reveal = replica.reveal();
    return reveal != null && reveal.check() != null && !reveal.check().holds();
  }

  private boolean waits(List<JobReplica> replicas) {
    return pair(replicas).stream().allMatch(replica -> replica.phase() == Phase.LEASED);
  }

  /** The straggler, and the second one if it is there. */
  private List<JobReplica> pair(List<JobReplica> replicas) {
    var pair = new ArrayList<JobReplica>(2);
    for (int i = 0; i < replicas.size(); i++) {
      if (replicas.get(i).grant().replica().equals(straggler) || i == before) {
        pair.add(replicas.get(i));
      }
    }
    return pair;
  }

  private static boolean come(JobReplica replica) {
    return replica.phase() == Phase.COMMITTED || replica.phase() == Phase.REVEALED;
  }
}

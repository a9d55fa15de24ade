package xyz.openledger.pools.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import xyz.openledger.pools.Request;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.TenantId;

/**
 * Whether work that waits too long may have slots of work that runs: work of at least so many
 * priorities less, or work on borrowed slots where the one who waits is within what is guaranteed
 * to it. Nobody is brought below what is guaranteed to him, and only work that says that it may be
 * stopped is looked at. Pure.
 *
 * @param terms the notice, and how much more urgent the work must be
 * @param waitMillis how long it must have waited
 */
public record Preempting(Preemption terms, long waitMillis) {
  /** Half a minute of notice for what has waited for a minute. */
  public static final Preempting DEFAULT = new Preempting(Preemption.DEFAULT, 60_000);

  /** The same for what has waited so long, with so much notice. */
  public static Preempting after(long waitMillis, long noticeMillis) {
    return new Preempting(
        new Preemption(noticeMillis, Preemption.DEFAULT.prioritiesAbove()), waitMillis);
  }

  /** Of those that wait, how many are looked at in one pass. */
  public static final int LOOKED_AT_MAX = 16;

  private static final int LEAST = 0;
  private static final int MOST = 9;

  /**
   * A task that waits.
   *
   * @param slots how many it still needs
   * @param guaranteed whether its tenant's own quota covers one more slot
   */
  public record Wants(Request request, int slots, long waitedMillis, boolean guaranteed) {
    int priority() {
      return request.scheduling().priority();
    }

    TenantId tenant() {
      return request.scheduling().tenant();
    }
  }

  /**
   * What runs, may be stopped, and has a slot that would do.
   *
   * @param spare how many slots its tenant uses beyond what is guaranteed to it
   */
  public record Candidate(Preemption.Runs runs, TenantId tenant, Address owner, int spare) {}

  /**
   * Who has to stop; nobody if the wait is bearable or if it would not help.
   *
   * @param coming slots for which notice was given already
   */
  public Optional<Preemption.Plan> plan(
      Wants wants, int coming, List<Candidate> running, long nowMillis) {
    int slots = wants.slots() - coming;
    if (slots <= 0 || wants.waitedMillis() < waitMillis) {
      return Optional.empty();
    }
    var able = new ArrayList<Preemption.Runs>();
    var owners = new HashSet<Address>(wants.request().ownersExcluded());
    var taken = new HashMap<TenantId, Integer>();
    for (Candidate each : bestOfEachOwner(running, nowMillis)) {
      boolean other = !each.tenant().equals(wants.tenant());
      boolean spared = other && taken.getOrDefault(each.tenant(), 0) >= each.spare();
      if (!spared && mayStop(wants, each) && owners.add(each.owner())) {
        taken.merge(each.tenant(), 1, Integer::sum);
        able.add(urgency(each.runs(), LEAST));
      }
    }
    // Half a plan is better than none: the next pass sees to the rest.
    return terms.plan(Math.min(slots, able.size()), MOST, able, nowMillis);
  }

  /** Cheapest first, so that of each owner that one is taken. */
  private List<Candidate> bestOfEachOwner(List<Candidate> running, long nowMillis) {
    long freeAt = nowMillis + terms.noticeMillis();
    return running.stream()
        .filter(each -> each.runs().endsAtMillis() > freeAt)
        .sorted(
            (a, b) ->
                a.runs().borrowed() != b.runs().borrowed()
                    ? Boolean.compare(b.runs().borrowed(), a.runs().borrowed())
                    : Long.compare(b.runs().savedAtMillis(), a.runs().savedAtMillis()))
        .toList();
  }

  private boolean mayStop(Wants wants, Candidate each) {
    return wants.priority() - each.runs().priority() >= terms.prioritiesAbove()
        || (wants.guaranteed() && each.runs().borrowed() && !each.tenant().equals(wants.tenant()));
  }

  /** As the rule that chooses is to see it: whether it may is decided. */
  private static Preemption.Runs urgency(Preemption.Runs runs, int priority) {
    return new Preemption.Runs(
        runs.task(),
        runs.node(),
        priority,
        runs.borrowed(),
        runs.savedAtMillis(),
        runs.endsAtMillis(),
        runs.nanoOpenPerSecond());
  }
}

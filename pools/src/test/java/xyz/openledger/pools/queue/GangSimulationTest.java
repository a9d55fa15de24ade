package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/** Runs queues with gangs in virtual time and checks what must hold at each step. */
class GangSimulationTest {
  private static final PoolTerms POOL = new PoolTerms(500, 0, 1_000);
  private static final long SECOND = 1_000;
  private static final int SLOTS = 8;

  /** Faults that the checks have to see. */
  private enum Fault {
    NONE,
    /** Tasks burn more than their fuel, so what is reserved does not come free in time. */
    OVERRUN,
    /** One slot too many is offered. */
    PHANTOM_SLOT,
    /** The gang is offered as tasks that start one by one. */
    NO_GANG
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void gangsStartWholeAndInTimeAndNobodyIsPassedBeyondTheBound(long seed) {
    assertThat(breaches(seed, Fault.NONE)).isEmpty();
  }

  @Test
  void theChecksSeeFaults() {
    for (Fault fault : List.of(Fault.OVERRUN, Fault.PHANTOM_SLOT, Fault.NO_GANG)) {
      var all = new ArrayList<String>();
      for (long seed = 1; seed <= 5; seed++) {
        all.addAll(breaches(seed, fault));
      }
      assertThat(all).as("%s", fault).isNotEmpty();
    }
  }

  private record Run(long endsAt, TaskId task, Node node) {}

  private record Asked(long at, int gang, Scheduling scheduling) {}

  private static List<String> breaches(long seed, Fault fault) {
    var random = new SplittableRandom(seed);
    var terms = new QueueTerms(10 * SECOND, 30 * SECOND, 600 * SECOND, Quotas.NONE);
    var queue = new PoolQueue(new Matcher(POOL, Scene.SECRET), POOL, terms);
    var runs = new PriorityQueue<Run>((a, b) -> Long.compare(a.endsAt(), b.endsAt()));
    Map<TaskId, Asked> asked = new HashMap<>();
    Map<JobId, Long> promised = new HashMap<>();
    var breaches = new ArrayList<String>();
    int job = 0;
    for (long now = 0; now < 2_000 * SECOND; now += SECOND) {
      while (!runs.isEmpty() && runs.peek().endsAt() <= now) {
        Run run = runs.remove();
        queue.ended(run.task(), run.node().id(), PoolQueue.End.BROUGHT, now);
      }
      if (random.nextInt(12) == 0 && now < 1_500 * SECOND) {
        int tasks = random.nextInt(4) == 0 ? random.nextInt(2, SLOTS + 1) : 1;
        int seconds = random.nextInt(1, 60);
        int priority = random.nextInt(10);
        var tenant = new TenantId(random.nextBoolean() ? "ada" : "bob");
        for (int i = 0; i < tasks; i++) {
          boolean gang = tasks > 1 && fault != Fault.NO_GANG;
          var scheduling = new Scheduling(tenant, priority, gang ? tasks : 0, "");
          TaskId task = Scene.task(job, i);
          asked.put(task, new Asked(now, tasks, scheduling));
          queue.offer(
              new PoolQueue.Entry(
                  Scene.request(task, Scene.cheapest(1), seconds * Scene.GIGAFUEL, scheduling),
                  1,
                  Long.MAX_VALUE),
              now);
        }
        job++;
      }
      int free = SLOTS - runs.size() + (fault == Fault.PHANTOM_SLOT ? 1 : 0);
      Roster roster = Scene.roster(Scene.node("n", SLOTS, Math.clamp(free, 0, SLOTS)));
      var started = new HashMap<JobId, Integer>();
      var passed = new HashSet<TaskId>();
      for (PoolQueue.Grant grant : queue.next(roster, now)) {
        TaskId task = grant.entry().request().task();
        Node node = grant.placement().chosen().getFirst();
        started.merge(task.job(), 1, Integer::sum);
        passed.add(task);
        long works = grant.entry().request().fuelMax() / Scene.GIGAFUEL * SECOND;
        long takes = fault == Fault.OVERRUN ? works * 6 : random.nextLong(works / 2, works + 1);
        runs.add(new Run(now + takes, task, node));
      }
      check(now, started, passed, asked, terms, breaches);
      passed.forEach(asked::remove);
      promise(now, queue, asked, promised, started, breaches);
      if (runs.size() > SLOTS) {
        breaches.add("%d slots of %d in use".formatted(runs.size(), SLOTS));
      }
    }
    if (queue.size() > 0 && fault != Fault.OVERRUN) {
      breaches.add(queue.size() + " never started");
    }
    return breaches;
  }

  private static void check(
      long now,
      Map<JobId, Integer> started,
      HashSet<TaskId> passed,
      Map<TaskId, Asked> asked,
      QueueTerms terms,
      List<String> breaches) {
    for (TaskId task : passed) {
      Asked by = asked.get(task);
      if (started.get(task.job()) != by.gang()) {
        breaches.add("%d of the gang of %d started".formatted(started.get(task.job()), by.gang()));
      }
      asked.forEach(
          (other, waits) -> {
            boolean alike = waits.gang() == 1 && by.gang() == 1 && !passed.contains(other);
            if (alike && by.at() - waits.at() > terms.passedByMillis()) {
              breaches.add("%s passed %s at %d".formatted(task, other, now));
            }
          });
    }
  }

  /** What the first blocked gang is promised never moves back while it is the first. */
  private static void promise(
      long now,
      PoolQueue queue,
      Map<TaskId, Asked> asked,
      Map<JobId, Long> promised,
      Map<JobId, Integer> started,
      List<String> breaches) {
    started.keySet().forEach(promised::remove);
    for (var entry : asked.entrySet()) {
      JobId gang = entry.getKey().job();
      long bound = entry.getValue().at() + 600 * SECOND;
      if (entry.getValue().scheduling().gang()
          && now > bound
          && promised.putIfAbsent(gang, now) == null) {
        breaches.add("gang %s waits since %d".formatted(gang, entry.getValue().at()));
      }
    }
    assertThat(queue.size()).isEqualTo(asked.size());
  }
}

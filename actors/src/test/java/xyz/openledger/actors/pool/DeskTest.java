package xyz.openledger.actors.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.ADA;
import static xyz.openledger.actors.job.Cast.POOL;
import static xyz.openledger.actors.job.Cast.node;
import static xyz.openledger.actors.job.Cast.owner;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.verification;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.Traits;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;

class DeskTest {
  private static final long PAGE = 65_536;
  private static final long DEADLINE = 1_000_000;
  private static final long BUDGET = 1_000;
  private static final Pool ATTIC = new Pool(POOL, "attic", "ada", PoolTerms.DEFAULT);

  private final TestInbox<JobMessage> job = TestInbox.create();
  private final TestInbox<NodeMessage> challenged = TestInbox.create();
  private final TestInbox<Topic.Command<PoolNews>> news = TestInbox.create();
  private final Desk desk = desk(news);

  private static Desk desk(TestInbox<Topic.Command<PoolNews>> news) {
    return new Desk(
        POOL,
        EpochSecret.of(new byte[EpochSecret.BYTES]),
        news.getRef(),
        Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC));
  }

  @Test
  void saysThatAPoolWithoutTermsIsNotOpen() {
    request(task(0), 1, 0);

    assertThat(only(JobMessage.Unplaceable.class).explanation())
        .containsExactly("this pool is not open");
  }

  @Nested
  class OnceOpen {
    @BeforeEach
    void open() {
      desk.resume(new PoolState(ATTIC, Map.of(), 0));
      desk.fencesTo(Fences.BLOCK);
    }

    @Test
    void leasesASlotUnderARisingFence() {
      up("bob", 2, List.of());

      request(task(0), 1, 0);
      request(task(1), 1, 0);

      List<Grant> grants = grants();
      assertThat(grants).extracting(Grant::node).containsExactly(node("bob"), node("bob"));
      assertThat(grants.get(1).fence()).isGreaterThan(grants.get(0).fence());
    }

    @Test
    void leasesAboveWhatTheNodeHasSeen() {
      desk.up(new PoolMessage.NodeUp(offer("bob", 1, 4 * PAGE), List.of(), 5_000));

      request(task(0), 1, 0);

      assertThat(grants().getFirst().fence()).isGreaterThan(5_000);
    }

    @Test
    void givesAChallengeAFenceAboveWhatTheNodeHasSeen() {
      desk.fence(77, challenged.getRef());

      assertThat(challenged.receiveMessage()).isEqualTo(new NodeMessage.ChallengeFence(78));
    }

    @Test
    void grantsTheSameLeaseToARepeatedRequest() {
      up("bob", 2, List.of());
      request(task(0), 1, 0);
      Grant first = grants().getFirst();

      request(task(0), 1, 0);

      assertThat(grants()).containsExactly(first);
    }

    @Test
    void letsWaitWhatFitsNoFreeSlotAndGrantsItWhenOneIsReleased() {
      up("bob", 1, List.of());
      request(task(0), 1, 0);
      Grant first = grants().getFirst();
      request(task(1), 1, 0);
      only(JobMessage.Queued.class);

      desk.release(List.of(first.replica()), PoolQueue.End.BROUGHT);

      assertThat(grants()).extracting(Grant::replica).containsExactly(new ReplicaId(task(1), 0));
    }

    @Test
    void tellsHowLongANodesResultsTakeOnceThereAreTwenty() {
      up("bob", 1, List.of());
      for (int i = 0; i < 20; i++) {
        assertThat(surveyed().getFirst().latencies().figures()).isEmpty();
        request(task(i), 1, 0);
        Grant grant = grants().getFirst();
        desk.release(List.of(grant.replica()), i == 3 ? PoolQueue.End.LOST : PoolQueue.End.BROUGHT);
      }
      // One was lost, and says nothing of how long results take.
      assertThat(surveyed().getFirst().latencies().figures()).isEmpty();
      request(task(20), 1, 0);
      desk.release(List.of(grants().getFirst().replica()), PoolQueue.End.BROUGHT);

      assertThat(surveyed().getFirst().latencies().figures())
          .singleElement()
          .satisfies(figure -> assertThat(figure.p99Millis()).isZero());
    }

    @Test
    void likesNodesAsThePoolsTermsSay() {
      up("bob", 2, List.of());
      assertThat(surveyed().getFirst().liking()).isEqualTo(10_000);

      var picky = new PoolTerms(0, 0, 10, null, 5_000, 60_000, 30_000, "node.slots * 1000");
      desk.resume(new PoolState(new Pool(POOL, "attic", "ada", picky), Map.of(), Fences.BLOCK));
      up("bob", 2, List.of());

      assertThat(surveyed().getFirst().liking()).isEqualTo(2_000);
    }

    private List<Node> surveyed() {
      return desk.survey(new PoolMessage.Survey(10, TestInbox.<PoolSurvey>create().getRef()))
          .nodes();
    }

    @Test
    void leasesNothingOfANodeThatThePoolDoesNotAdmitUntilItDoes() {
      var strict = new PoolTerms(0, 0, 10, "node.cores >= 64");
      desk.resume(new PoolState(new Pool(POOL, "attic", "ada", strict), Map.of(), Fences.BLOCK));
      up("bob", 1, List.of());
      request(task(0), 1, 0);

      assertThat(grants()).isEmpty();

      desk.resume(new PoolState(ATTIC, Map.of(), Fences.BLOCK));
      request(task(0), 1, 0);

      assertThat(grants()).hasSize(1);
    }

    @Test
    void letsWhatWaitsGoOnWaitingUnderNewTerms() {
      up("bob", 1, List.of());
      request(task(0), 1, 0);
      request(task(1), 1, 0);
      Grant first = grants().getFirst();

      desk.resume(
          new PoolState(
              new Pool(POOL, "attic", "ada", new PoolTerms(0, 0, 1)), Map.of(), Fences.BLOCK));
      desk.release(List.of(first.replica()), PoolQueue.End.BROUGHT);

      assertThat(grants()).extracting(grant -> grant.replica().task()).containsExactly(task(1));
    }

    @Test
    void saysWhatIsBeforeATaskThatWaitsAndWhatIsWrongWithItsLabels() {
      up("bob", 1, List.of());
      request(task(0), 1, 0);
      grants();

      ask(task(1), Scheduling.of(ADA, Map.of("openledger.priority", "high"), 1, false));

      assertThat(only(JobMessage.Queued.class).explanation())
          .contains(
              "priority 4 of tenant %s; slots wanted before it: about 0".formatted(ADA),
              "label openledger.priority is 'high', not 0 to 9, and counts as 4");
    }

    @Test
    void servesTheHigherPriorityFirst() {
      up("bob", 1, List.of());
      request(task(0), 1, 0);
      Grant first = grants().getFirst();
      ask(task(1), Scheduling.of(ADA));
      ask(task(2), Scheduling.of(ADA, Map.of("openledger.priority", "9"), 1, false));
      job.getAllReceived();

      desk.release(List.of(first.replica()), PoolQueue.End.BROUGHT);

      assertThat(grants()).extracting(Grant::replica).containsExactly(new ReplicaId(task(2), 0));
    }

    @Test
    void holdsBackWhatIsOverAQuotaAndSaysSoUntilTheQuotaIsWider() {
      PoolState open = new PoolState(ATTIC, Map.of(), Fences.BLOCK);
      PoolState one =
          open.apply(new PoolEvent.QuotaSet(POOL, ADA, new Quotas.Quota(1, 1, 0, 0), 1));
      desk.limit(one.quotas());
      up("bob", 2, List.of());
      ask(task(0), Scheduling.of(ADA));
      ask(task(1), Scheduling.of(ADA));

      assertThat(grants()).extracting(Grant::replica).containsExactly(new ReplicaId(task(0), 0));
      ask(task(1), Scheduling.of(ADA));
      assertThat(only(JobMessage.Queued.class).explanation())
          .first()
          .isEqualTo("%s would use 2 slots; its quota is 1 and it may borrow 0".formatted(ADA));
      assertThat(desk.view(one).quotas())
          .containsExactly(new PoolView.QuotaView(ADA, new Quotas.Quota(1, 1, 0, 0), 1));

      desk.limit(one.apply(new PoolEvent.QuotaSet(POOL, ADA, null, 2)).quotas());

      assertThat(grants()).extracting(Grant::replica).containsExactly(new ReplicaId(task(1), 0));
    }

    @Test
    void countsNothingInAQuotaThatWasBoughtOnTheMarket() {
      PoolState one =
          new PoolState(ATTIC, Map.of(), Fences.BLOCK)
              .apply(new PoolEvent.QuotaSet(POOL, ADA, new Quotas.Quota(1, 1, 0, 0), 1));
      desk.limit(one.quotas());
      up("bob", 3, List.of());
      ask(task(0), Scheduling.of(ADA));
      Grant onDemand = grants().getFirst();
      Desk restarted = desk(news);
      restarted.resume(one);
      restarted.fencesTo(2 * Fences.BLOCK);
      restarted.up(new PoolMessage.NodeUp(offer("bob", 3, 4 * PAGE), List.of(), 0));
      restarted.leased(leasedBefore(List.of(onDemand.bought(Policy.Capacity.SPOT))));

      restarted.request(
          new PoolMessage.Request(
              requestOf(task(1), PAGE, Set.of()).scheduled(Scheduling.of(ADA)),
              List.of(0),
              DEADLINE,
              job.getRef()));

      assertThat(grants()).extracting(Grant::replica).containsExactly(new ReplicaId(task(1), 0));
      assertThat(restarted.view(one).quotas())
          .containsExactly(new PoolView.QuotaView(ADA, new Quotas.Quota(1, 1, 0, 0), 1));
    }

    @Test
    void keepsQuotasOverARestart() {
      PoolState state =
          new PoolState(ATTIC, Map.of(), Fences.BLOCK)
              .apply(new PoolEvent.QuotaSet(POOL, null, new Quotas.Quota(1, 0, 0, 0), 1));
      Desk restarted = desk(news);
      restarted.resume(state);
      restarted.fencesTo(2 * Fences.BLOCK);
      restarted.up(new PoolMessage.NodeUp(offer("bob", 2, 4 * PAGE), List.of(), 0));

      restarted.request(
          new PoolMessage.Request(
              requestOf(task(0), PAGE, Set.of()).scheduled(Scheduling.of(ADA)),
              List.of(0),
              DEADLINE,
              job.getRef()));

      assertThat(grants()).isEmpty();
    }

    @Test
    void startsTheTasksOfAGangTogetherOrNotAtAll() {
      up("bob", 1, List.of());
      Scheduling gang = Scheduling.of(ADA, Map.of("openledger.gang", "true"), 2, false);
      TaskId one = new TaskId(JobId.of(ADA, "gang"), 0);
      TaskId two = new TaskId(JobId.of(ADA, "gang"), 1);

      ask(one, gang);
      ask(two, gang);

      assertThat(grants()).isEmpty();
      up("carol", 1, List.of());
      assertThat(grants())
          .extracting(Grant::replica)
          .containsExactly(new ReplicaId(one, 0), new ReplicaId(two, 0));
    }

    @Test
    void leavesANodeAloneThatKeepsLosingTasks() {
      up("bob", 1, List.of());
      for (int i = 0; i < 2; i++) {
        request(task(i), 1, 0);
        desk.release(List.of(grants().getFirst().replica()), PoolQueue.End.LOST);
      }
      up("carol", 1, List.of());

      request(task(5), 1, 0);

      assertThat(grants()).extracting(Grant::node).containsExactly(node("carol"));
    }

    @Test
    void saysWhatNoNodeOfItCanEverServe() {
      up("bob", 1, List.of());

      desk.request(
          new PoolMessage.Request(
              requestOf(task(0), 64 * PAGE, Set.of()), List.of(0), DEADLINE, job.getRef()));

      assertThat(only(JobMessage.Unplaceable.class).pool()).isEqualTo(POOL);
      up("carol", 1, List.of());
      assertThat(job.hasMessages()).as("a request that was refused waits no more").isFalse();
    }

    @Test
    void leasesNothingOfANodeThatIsDown() {
      up("bob", 1, List.of());
      desk.down(new PoolMessage.NodeDown(node("bob"), "it is draining", false));

      request(task(0), 1, 0);

      only(JobMessage.Queued.class);
      up("bob", 1, List.of());
      assertThat(grants()).hasSize(1);
    }

    @Test
    void forgetsWhatIsWithdrawn() {
      request(task(0), 1, 0);
      job.getAllReceived();

      desk.withdraw(task(0));
      up("bob", 1, List.of());

      assertThat(job.hasMessages()).isFalse();
    }

    @Test
    void freesTheSlotsOfLeasesThatANodeComesBackWithout() {
      up("bob", 1, List.of());
      request(task(0), 1, 0);
      grants();

      up("bob", 1, List.of());

      request(task(1), 1, 0);
      assertThat(grants()).hasSize(1);
    }

    @Test
    void takesNoNodeForFreeThatIsLeasedFromBeforeARestart() {
      up("bob", 1, List.of());
      request(task(0), 1, 0);
      Grant before = grants().getFirst();
      var restarted = desk(news);
      restarted.resume(new PoolState(ATTIC, Map.of(), Fences.BLOCK));
      restarted.fencesTo(2 * Fences.BLOCK);

      restarted.leased(leasedBefore(List.of(before)));
      restarted.leased(leasedBefore(List.of(before)));
      restarted.up(new PoolMessage.NodeUp(offer("bob", 1, 4 * PAGE), List.of(before.replica()), 0));
      restarted.request(
          new PoolMessage.Request(
              requestOf(task(1), PAGE, Set.of()), List.of(0), DEADLINE, job.getRef()));

      only(JobMessage.Queued.class);
      restarted.release(List.of(before.replica()), PoolQueue.End.BROUGHT);
      assertThat(grants()).extracting(Grant::replica).containsExactly(new ReplicaId(task(1), 0));
    }

    @Test
    void givesTheReplicasOfATaskToDistinctOwnersThoughTheJobHasNotHeardOfTheFirst() {
      up("bob", 4, List.of());
      request(task(0), 2, 0);
      assertThat(grants()).hasSize(1);

      // The grant and this repeated request have crossed: it excludes nobody yet.
      request(task(0), 2, 0);
      up("carol", 4, List.of());

      assertThat(grants()).extracting(Grant::owner).contains(owner("bob"), owner("carol"));
      assertThat(desk.view(PoolState.EMPTY).leased()).isEqualTo(2);
    }

    @Test
    void tellsOthersWhatItHas() {
      up("bob", 3, List.of());

      desk.tick();

      assertThat(news.hasMessages()).isTrue();
    }
  }

  static Stream<Long> seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? new SplittableRandom(23).longs(100).boxed() : Stream.of(seed);
  }

  /** Nodes come, change and go; tasks ask, ask again, and end; the pool starts anew. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverLeasesMoreThanThereIs(long seed) {
    new Day(new SplittableRandom(seed)).pass();
  }

  private static final class Day {
    private static final int NODES = 6;
    private static final int STEPS = 150;

    private final SplittableRandom random;
    private final TestInbox<JobMessage> job = TestInbox.create();
    private final Map<Integer, Integer> slots = new HashMap<>();
    private final Map<NodeId, Long> memory = new HashMap<>();
    private final Map<ReplicaId, Grant> leases =
        new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    private final Map<NodeId, Long> fences = new HashMap<>();
    private final Map<TaskId, Integer> wanted = new HashMap<>();
    private final Map<TaskId, Long> needs = new HashMap<>();
    private Desk desk = desk(TestInbox.create());
    private long fencedTo;
    private int tasks;

    Day(SplittableRandom random) {
      this.random = random;
      begin();
    }

    void pass() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(9)) {
          case 0, 1 -> comeUp(random.nextInt(NODES));
          case 2 -> goDown(random.nextInt(NODES));
          case 3, 4 -> ask();
          case 5 -> askAgain();
          case 6 -> end();
          case 7 -> restart();
          default -> desk.tick();
        }
        hear();
        check();
      }
    }

    private void begin() {
      desk.resume(new PoolState(ATTIC, Map.of(), fencedTo));
      fencedTo += Fences.BLOCK;
      desk.fencesTo(fencedTo);
    }

    /** Who waits asks again; who runs says so. */
    private void restart() {
      desk = desk(TestInbox.create());
      begin();
      desk.leased(leasedBefore(List.copyOf(leases.values())));
    }

    private void comeUp(int number) {
      slots.putIfAbsent(number, random.nextInt(1, 4));
      String name = name(number);
      long bytes = memory.computeIfAbsent(node(name), _ -> random.nextLong(1, 9) * PAGE);
      List<ReplicaId> held =
          leases.values().stream()
              .filter(grant -> grant.node().equals(node(name)))
              .map(Grant::replica)
              .filter(_ -> random.nextInt(10) > 0)
              .toList();
      leases
          .values()
          .removeIf(grant -> grant.node().equals(node(name)) && !held.contains(grant.replica()));
      desk.up(
          new PoolMessage.NodeUp(
              offer(name, slots.get(number), bytes),
              held,
              fences.getOrDefault(node(name), 0L) + random.nextInt(3)));
    }

    private void goDown(int number) {
      desk.down(new PoolMessage.NodeDown(node(name(number)), "it is quiet", false));
    }

    private void ask() {
      TaskId task = task(tasks++);
      wanted.put(task, random.nextInt(1, 4));
      needs.put(task, random.nextLong(1, 9) * PAGE);
      send(task, Set.of());
    }

    /** With or without the owners that it may have heard of. */
    private void askAgain() {
      if (tasks > 0) {
        TaskId task = task(random.nextInt(tasks));
        if (wanted.containsKey(task)) {
          send(task, random.nextBoolean() ? Set.of() : owners(task));
        }
      }
    }

    private void send(TaskId task, Set<Address> excluded) {
      var numbers = new ArrayList<Integer>();
      for (int number = 0; number < wanted.get(task); number++) {
        numbers.add(number);
      }
      desk.request(
          new PoolMessage.Request(
              requestOf(task, needs.get(task), excluded), numbers, DEADLINE, job.getRef()));
    }

    private void end() {
      if (tasks > 0) {
        TaskId task = task(random.nextInt(tasks));
        wanted.remove(task);
        desk.withdraw(task);
        List<ReplicaId> over =
            leases.keySet().stream().filter(replica -> replica.task().equals(task)).toList();
        over.forEach(leases::remove);
        desk.release(over, PoolQueue.End.BROUGHT);
      }
    }

    private void hear() {
      for (JobMessage message : job.getAllReceived()) {
        if (message instanceof JobMessage.Granted granted) {
          granted.grants().forEach(this::lease);
        }
      }
    }

    private void lease(Grant grant) {
      Grant before = leases.put(grant.replica(), grant);
      if (before != null) {
        assertThat(grant).as("a lease granted again is the same").isEqualTo(before);
        return;
      }
      assertThat(wanted).as("nobody else is granted anything").containsKey(grant.replica().task());
      assertThat(grant.fence()).isGreaterThan(fences.getOrDefault(grant.node(), 0L));
      fences.put(grant.node(), grant.fence());
      assertThat(memory.get(grant.node()))
          .isGreaterThanOrEqualTo(needs.get(grant.replica().task()));
    }

    private void check() {
      for (int number = 0; number < NODES; number++) {
        NodeId node = node(name(number));
        assertThat(leases.values().stream().filter(grant -> grant.node().equals(node)).count())
            .as("leases of " + name(number))
            .isLessThanOrEqualTo(slots.getOrDefault(number, 0));
      }
      for (TaskId task : wanted.keySet()) {
        List<Address> owners =
            leases.values().stream()
                .filter(grant -> grant.replica().task().equals(task))
                .map(Grant::owner)
                .toList();
        assertThat(owners).as("owners of %s", task).doesNotHaveDuplicates();
      }
    }

    private Set<Address> owners(TaskId task) {
      var owners = new HashSet<Address>();
      leases.values().stream()
          .filter(grant -> grant.replica().task().equals(task))
          .forEach(grant -> owners.add(grant.owner()));
      return owners;
    }

    /** Two nodes each of three owners. */
    private static String name(int number) {
      return "owner-" + number / 2 + "/node-" + number % 2;
    }
  }

  private void up(String name, int slots, List<ReplicaId> held) {
    desk.up(new PoolMessage.NodeUp(offer(name, slots, 4 * PAGE), held, 0));
  }

  /** A name may say whose node it is: {@code owner/node}. */
  private static NodeOffer offer(String name, int slots, long memoryMaxBytes) {
    return new NodeOffer(
        node(name),
        name,
        owner(name.split("/")[0]),
        10,
        slots,
        memoryMaxBytes,
        "eu-west",
        300,
        50,
        1_000_000_000,
        1_000,
        "bubblewrap",
        Traits.UNKNOWN);
  }

  private void request(TaskId task, int replicas, int from) {
    var numbers = new ArrayList<Integer>();
    for (int number = from; number < replicas; number++) {
      numbers.add(number);
    }
    desk.request(
        new PoolMessage.Request(requestOf(task, PAGE, Set.of()), numbers, DEADLINE, job.getRef()));
  }

  private void ask(TaskId task, Scheduling scheduling) {
    desk.request(
        new PoolMessage.Request(
            requestOf(task, PAGE, Set.of()).scheduled(scheduling),
            List.of(0),
            DEADLINE,
            job.getRef()));
  }

  private static PoolMessage.Leased leasedBefore(List<Grant> grants) {
    return new PoolMessage.Leased(ADA, 1_000_000, PAGE, grants);
  }

  private static Request requestOf(TaskId task, long memoryMaxBytes, Set<Address> excluded) {
    return new Request(
        task,
        0,
        policy(verification(2, 5), BUDGET),
        1_000_000,
        memoryMaxBytes,
        excluded,
        Set.of(),
        BUDGET);
  }

  private static TaskId task(int number) {
    return new TaskId(JobId.of(ADA, "job " + number), 0);
  }

  private List<Grant> grants() {
    return job.getAllReceived().stream()
        .filter(JobMessage.Granted.class::isInstance)
        .flatMap(message -> ((JobMessage.Granted) message).grants().stream())
        .toList();
  }

  private <M extends JobMessage> M only(Class<M> type) {
    List<JobMessage> all = job.getAllReceived();
    assertThat(all).hasSize(1).first().isInstanceOf(type);
    return type.cast(all.getFirst());
  }
}

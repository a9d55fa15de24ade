package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.api.Anchor;
import xyz.openledger.protocol.api.EarningsClaim;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.NodeSummary;

/**
 * The story: a network comes up, work runs under five policies, a cheat is caught, a machine dies
 * and its work goes on, a vote bans a class of work, receipts are anchored and checked, a reward is
 * paid out, and in the end everything is added up again from the journal and the chain.
 */
final class Demo {
  /** Without these the demo would not be one: what is not real in it. */
  static final List<String> SIMULATED =
      List.of(
          "the chain is a development chain on this machine",
          "the witness of the log is run by the same operator",
          "owners and requester are test accounts with development keys",
          "regions and carbon are declared",
          "stakes are put up by the development sponsor",
          "votes are taken for seconds, and all of them are the requester's",
          "the keys of zero-knowledge proofs come from a development ceremony: anybody can forge");

  /** With fewer open jobs a machine may have nothing to do. */
  private static final int OPEN_AT_LEAST = 3;

  private static final long DEPOSIT_NANO_OPEN = 1_000_000_000_000L;
  private static final int CHEAT_ROUNDS_MAX = 6;
  private static final int TRUSTED_JOBS = 10;

  private static final int ADAPTIVE_JOBS = 6;

  private static final int AVOIDING_JOBS = 2;

  private final LocalNetwork network;
  private final Workloads workloads;
  private final Story story;
  private final Map<NodeId, String> names = new HashMap<>();
  private final Map<PoolId, String> pools = new HashMap<>();

  Demo(LocalNetwork network, Workloads workloads, Story story) {
    this.network = network;
    this.workloads = workloads;
    this.story = story;
  }

  Summary run() throws IOException {
    begin();
    new Question(network.client(), story)
        .ask(workloads.task("word-statistics", 0, "most-reliable").spec());
    var jobs = new Jobs(network.client());
    work(jobs);
    catchTheCheat(jobs);
    var vote = new VoteChapter(network, story);
    vote.open();
    trust(jobs);
    adapt(jobs);
    new ProductChapter(network.client(), home().resolve("examples"), story)
        .tell(jobs, names, pools);
    vote.decide(workloads.task("option-price", 0, "cheapest").spec());
    var model = new PrivateModel(network, story);
    model.submit(jobs, names, pools);
    results(jobs);
    var proofs = new Proofs(network, story);
    Anchor anchor = proofs.anchored(jobs);
    proofs.verify(jobs);
    model.show(jobs);
    EarningsClaim claim = proofs.claim();
    network.stop();
    proofs.audit();
    return summary(jobs, anchor, claim);
  }

  private void begin() throws IOException {
    story.chapter(
        "A network comes up: one member, a development chain, six machines of six owners");
    network.startMember(Cast.POOLS);
    network.client().network().pools().forEach(pool -> pools.put(pool.id(), pool.name()));
    for (Cast machine : Cast.values()) {
      network.startMachine(machine);
    }
    workloads.upload(network.client().blobs());
    network.deposit(DEPOSIT_NANO_OPEN);
    story.line(
        "deposited %s OPEN in the escrow contract; credited from a final block",
        Jobs.open(DEPOSIT_NANO_OPEN));
    network.awaitReady(Cast.values().length);
    for (NodeSummary node : network.client().network().nodes(null)) {
      names.put(node.id(), node.name());
      story.line(
          "%-4s in %-7s asks %s OPEN a gigafuel; %s declared, %d g CO2/kWh declared; measured %.1f"
              + " gigafuel a CPU second; sandbox %s",
          node.name(),
          pools.getOrDefault(node.pool(), "?"),
          Jobs.open(node.priceNanoOpenPerGigafuel()),
          node.region(),
          node.carbonGramsPerKwh(),
          node.fuelPerCpuSecond() / 1e9,
          node.sandbox());
    }
  }

  private void work(Jobs jobs) throws IOException {
    story.chapter("Work: three examples under three policies; fay is killed in the middle of it");
    for (int i = 0; i < 10; i++) {
      jobs.submit(workloads.task("word-statistics", i, "most-reliable"));
      jobs.submit(workloads.task("option-price", i, "lowest-latency"));
      jobs.submit(workloads.task("word-statistics", i, "greenest"));
    }
    jobs.submit(workloads.whole("image-tiles", "lowest-latency"));
    jobs.submit(workloads.whole("option-price", "most-reliable"));
    killInTheMiddle(jobs);
    jobs.awaitAll(story, names, pools);
    long lost =
        jobs.replicas().stream()
            .filter(replica -> replica.state() == JobDetail.ReplicaState.LOST)
            .filter(replica -> "fay".equals(names.get(replica.node())))
            .count();
    story.check(
        "dead-node-released",
        lost > 0 && jobs.count(JobState.SETTLED) == jobs.finished().size(),
        "fay died with a task running (%d lost in all); the work was leased again and every job has"
            + " settled",
        lost);
  }

  private void killInTheMiddle(Jobs jobs) throws IOException {
    Workloads.Work more = workloads.whole("option-price", "most-reliable");
    LocalNetwork.await("fay to run something", () -> worksOrGetsMore(jobs, more));
    network.kill(Cast.FAY);
    story.line("kill -9 of fay, with a task running");
    LocalNetwork.await("fay's leases to be given up", () -> lostBy(jobs, "fay") > 0);
    network.startMachine(Cast.FAY);
    story.line("her leases were given up after the grace of 5 s; she is switched on again");
  }

  /** Whether fay is at work; if she is not, she may be with one job more. */
  private boolean worksOrGetsMore(Jobs jobs, Workloads.Work more) {
    List<JobDetail> live =
        jobs.open().stream()
            .map(id -> network.client().jobs().show(id.value()))
            .filter(job -> !job.job().state().isFinal())
            .toList();
    boolean works =
        live.stream()
            .flatMap(job -> job.tasks().stream())
            .flatMap(task -> task.replicas().stream())
            .filter(replica -> replica.state() == JobDetail.ReplicaState.LEASED)
            .anyMatch(replica -> "fay".equals(names.get(replica.node())));
    if (!works && live.size() < OPEN_AT_LEAST) {
      jobs.submit(more);
    }
    return works;
  }

  /** Replicas of open jobs that a machine has lost. */
  private long lostBy(Jobs jobs, String machine) {
    return jobs.open().stream()
        .map(id -> network.client().jobs().show(id.value()))
        .flatMap(job -> job.tasks().stream())
        .flatMap(task -> task.replicas().stream())
        .filter(replica -> replica.state() == JobDetail.ReplicaState.LOST)
        .filter(replica -> machine.equals(names.get(replica.node())))
        .count();
  }

  private void catchTheCheat(Jobs jobs) throws IOException {
    story.chapter("A cheat: eve returns a wrong output in 30 of 100 tasks");
    for (int round = 0; dissents(jobs) == 0 && round < CHEAT_ROUNDS_MAX; round++) {
      for (int i = 0; i < 6; i++) {
        jobs.submit(workloads.task("word-statistics", round + i, "most-reliable"));
      }
      jobs.awaitAll(story, names, pools);
    }
    int dissents = dissents(jobs);
    NodeSummary eve = network.node(Cast.EVE);
    story.check(
        "cheat-caught",
        dissents > 0 && eve.reputation() < 5_000,
        "eve dissented in %d tasks: none of them paid, her reputation is %d of 10000 (a newcomer"
            + " has 5000)",
        dissents,
        eve.reputation());
    long paid =
        jobs.replicas().stream()
            .filter(replica -> replica.state() == JobDetail.ReplicaState.REJECTED)
            .mapToLong(JobDetail.ReplicaView::paidNanoOpen)
            .sum();
    story.check("dissent-unpaid", paid == 0, "dissent was paid %s OPEN", Jobs.open(paid));
    avoided(jobs);
  }

  /** The policy asks for a reputation that eve no longer has. */
  private void avoided(Jobs jobs) throws IOException {
    int before = jobs.on(network.node(Cast.EVE).id());
    LocalNetwork.await(
        "her pool to hear of it",
        () ->
            network
                .client()
                .network()
                .pool(network.node(Cast.EVE).pool().value())
                .members()
                .stream()
                .filter(member -> member.name().equals("eve"))
                .allMatch(member -> member.reputation() < 5_000));
    for (int i = 0; i < AVOIDING_JOBS; i++) {
      jobs.submit(workloads.task("word-statistics", i, "most-reliable"));
    }
    jobs.awaitAll(story, names, pools);
    int since = jobs.on(network.node(Cast.EVE).id()) - before;
    story.check(
        "cheat-avoided",
        since == 0,
        "most-reliable asks for a reputation of 3500 at least: eve got %d of the next replicas",
        since);
  }

  private int dissents(Jobs jobs) {
    return (int)
        jobs.replicas().stream()
            .filter(replica -> replica.state() == JobDetail.ReplicaState.REJECTED)
            .filter(replica -> "eve".equals(names.get(replica.node())))
            .count();
  }

  private void trust(Jobs jobs) throws IOException {
    story.chapter(
        "The cheapest policy takes one node's word, of nodes that have earned some trust");
    for (int i = 0; i < TRUSTED_JOBS; i++) {
      jobs.submit(workloads.task("option-price", i, "cheapest"));
    }
    jobs.awaitAll(story, names, pools);
  }

  private void adapt(Jobs jobs) throws IOException {
    story.chapter("Adaptive: as many owners as it takes for one wrong result in a hundred");
    for (int i = 0; i < ADAPTIVE_JOBS; i++) {
      jobs.submit(workloads.task("word-statistics", i, "adaptive"));
    }
    jobs.awaitAll(story, names, pools);
  }

  private void results(Jobs jobs) throws IOException {
    story.chapter("Results");
    List<String> surprises = jobs.surprises();
    story.check(
        "jobs-settled",
        jobs.size() >= 40 && jobs.count(JobState.SETTLED) == jobs.size(),
        "%d of %d jobs have settled",
        jobs.count(JobState.SETTLED),
        jobs.size());
    story.check(
        "outputs-as-expected",
        surprises.isEmpty(),
        "every output has the digest that examples/*/expected.txt says%s",
        surprises.isEmpty() ? "" : ", but " + surprises);
    reassemble(jobs);
  }

  /** The strips of the picture, put together in the order of the tasks, are the picture. */
  private void reassemble(Jobs jobs) throws IOException {
    for (Map.Entry<JobId, JobDetail> job : jobs.finished().entrySet()) {
      if (jobs.work(job.getKey()).example().equals("image-tiles")) {
        Path picture = network.data().resolve("run/picture.ppm");
        try (var file = Files.newOutputStream(picture)) {
          for (JobDetail.TaskView task : job.getValue().tasks()) {
            file.write(network.client().jobs().output(job.getKey().value(), task.index()));
          }
        }
        story.line(
            "the picture, reassembled from %d strips: %s", job.getValue().tasks().size(), picture);
      }
    }
  }

  private Summary summary(Jobs jobs, Anchor anchor, EarningsClaim claim) {
    Map<String, Integer> byPolicy = new TreeMap<>();
    long charged = 0;
    int tasks = 0;
    for (Map.Entry<JobId, JobDetail> job : jobs.finished().entrySet()) {
      byPolicy.merge(jobs.work(job.getKey()).policyName(), 1, Integer::sum);
      charged += job.getValue().job().chargedNanoOpen();
      tasks += job.getValue().tasks().size();
    }
    List<JobDetail.ReplicaView> replicas = jobs.replicas();
    return new Summary(
        story.held(),
        jobs.size(),
        (int) jobs.count(JobState.SETTLED),
        tasks,
        replicas.size(),
        byPolicy,
        Long.toString(charged),
        "eve",
        dissents(jobs),
        "fay",
        (int)
            replicas.stream()
                .filter(replica -> replica.state() == JobDetail.ReplicaState.LOST)
                .count(),
        anchor.size(),
        String.valueOf(anchor.transaction()),
        anchor.block() == null ? -1 : anchor.block(),
        String.valueOf(claim.transaction()),
        Long.toString(claim.amountNanoOpen()),
        "%.1f".formatted(story.seconds()),
        SIMULATED,
        story.checks());
  }

  static Path home() {
    return Path.of(System.getProperty("openledger.home", "."));
  }
}

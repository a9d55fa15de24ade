package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Jobs per CPU-second and latency, in two rows: a member's core in this process, and a whole
 * network of processes. A round of each kind warms up and is thrown away; after that kinds of
 * rounds alternate, so that what disturbs the machine disturbs them alike.
 */
public final class JobsBench {
  /** What can be measured. */
  public enum Part {
    /** The core, in this process. */
    CORE,
    /** Everything, in processes of its own. */
    WHOLE
  }

  /**
   * What is asked for.
   *
   * @param jobs of one round of the core; the whole network gets half as many
   * @param warmUp jobs of the round that warms up before each kind
   * @param rounds of each kind, after the warm-up
   * @param data where the networks live; cleared before and after
   * @param home where the examples lie
   * @param peer what another scheduler's benchmark printed, or absent
   */
  public record Options(
      int jobs,
      int warmUp,
      int rounds,
      Set<Part> parts,
      Path data,
      Path home,
      @Nullable Path peer) {
    /** Keeps its own copy. */
    public Options {
      parts = EnumSet.copyOf(parts);
    }
  }

  private static final int WHOLE_SHARE = 2;
  private static final int QUORUM = 3;
  private static final double HALF = 0.5;
  private static final double CORE_GOAL = 1_000;
  private static final double CORE_STRETCH = 3_000;
  private static final double QUORUM_COST_GOAL = 2.4;
  private static final double PEER_GOAL = 10;
  private static final double BYTES_PER_KIB = 1_024;

  private final Options options;
  private final Consumer<String> progress;
  private final List<String> findings = new ArrayList<>();

  private JobsBench(Options options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param progress hears what is going on
   */
  public static JobsReport run(Options options, Consumer<String> progress) throws IOException {
    Peer peer = options.peer() == null ? Peer.RECORDED : Peer.read(options.peer());
    clear(options.data());
    Files.createDirectories(options.data());
    try {
      return new JobsBench(options, progress).run(peer);
    } finally {
      clear(options.data());
    }
  }

  private JobsReport run(Peer peer) throws IOException {
    Surroundings before = Surroundings.before(options.data());
    progress.accept("what the parts cost: signatures, digests, the disk …");
    Floor floor = Floor.measure(options.data().resolve("floor"));
    var rows = new ArrayList<JobsReport.Row>();
    if (options.parts().contains(Part.CORE)) {
      try (var network = new CoreNetwork(options.data().resolve("core"))) {
        rows.add(core(network));
        progress.accept(
            "%d signatures for %d replicas".formatted(network.signatures(), network.replicas()));
      }
    }
    if (options.parts().contains(Part.WHOLE)) {
      progress.accept("starting a network of processes …");
      try (var network =
          new WholeNetwork(options.data().resolve("whole"), options.home().resolve("examples"))) {
        rows.add(whole(network, peer));
      }
    }
    return new JobsReport(before.after(), floor, rows, peer, findings);
  }

  private JobsReport.Row core(CoreNetwork network) {
    List<Round> rounds = rounds("core", network, options.jobs(), List.of(1, QUORUM));
    JobsReport.Figure one = figure(rounds, 1);
    JobsReport.Figure three = figure(rounds, QUORUM);
    var goals =
        List.of(
            JobsReport.Goal.atLeast(
                "jobs per CPU-second at r = 1, first", CORE_GOAL, one.jobsPerCpuSecond()),
            JobsReport.Goal.atLeast(
                "jobs per CPU-second at r = 1, then", CORE_STRETCH, one.jobsPerCpuSecond()),
            JobsReport.Goal.atMost(
                "cost at r = 3 over that at r = 1, median of pairs",
                QUORUM_COST_GOAL,
                ratio(rounds)));
    var paced = paced("core", network, options.jobs(), HALF * one.jobsPerSecond());
    return row("core", network, List.of(one, three), paced, goals, rounds);
  }

  private JobsReport.Row whole(WholeNetwork network, Peer peer) {
    List<Round> rounds = rounds("whole", network, wholeJobs(), List.of(1));
    JobsReport.Figure figure = figure(rounds, 1);
    var goals =
        List.of(
            JobsReport.Goal.atLeast(
                "jobs per CPU-second over the peer's",
                PEER_GOAL,
                figure.jobsPerCpuSecond() / peer.jobsPerCpuSecond()));
    var paced = paced("whole", network, wholeJobs(), HALF * figure.jobsPerSecond());
    return row("whole", network, List.of(figure), paced, goals, rounds);
  }

  private JobsReport.Row row(
      String name,
      Target network,
      List<JobsReport.Figure> figures,
      JobsReport.Paced paced,
      List<JobsReport.Goal> goals,
      List<Round> rounds) {
    network.findings().forEach(finding -> findings.add(name + ": " + finding));
    return new JobsReport.Row(name, network.conditions(), figures, paced, goals, rounds);
  }

  private int wholeJobs() {
    return Math.ceilDiv(options.jobs(), WHOLE_SHARE);
  }

  private List<Round> rounds(String name, Target network, int each, List<Integer> kinds) {
    var rounds = new ArrayList<Round>();
    for (int number = 0; number <= options.rounds(); number++) {
      for (int replicas : kinds) {
        String which = "%s-%d-%d".formatted(name, number, replicas);
        int jobs = number == 0 ? options.warmUp() : each;
        var trial = new Trial(which, network.tenant(), jobs, replicas, 0, network.windowMax());
        Round round = Load.full(network, trial);
        progress.accept(
            "%s, %d replicas, %s: %.0f jobs per CPU-second, %.0f a second"
                .formatted(
                    name,
                    replicas,
                    number == 0 ? "warm-up" : "round " + number,
                    round.jobsPerCpuSecond(),
                    round.jobsPerSecond()));
        if (number > 0) {
          rounds.add(round);
        }
      }
    }
    return rounds;
  }

  private JobsReport.Paced paced(String name, Target network, int jobs, double jobsPerSecond) {
    var trial =
        new Trial(
            name + "-paced", network.tenant(), jobs, 1, network.timedEvery(), network.windowMax());
    Load.paced(network, trial, jobsPerSecond);
    return new JobsReport.Paced(
        jobs, Rounded.to2(jobsPerSecond), trial.answers(), trial.settlements());
  }

  private static JobsReport.Figure figure(List<Round> all, int replicas) {
    List<Round> rounds = all.stream().filter(round -> round.replicas() == replicas).toList();
    return new JobsReport.Figure(
        replicas,
        median(rounds, Round::jobsPerCpuSecond),
        median(rounds, Round::cpuMillisPerJob),
        median(rounds, Round::jobsPerSecond),
        Rounded.to2(
            median(rounds, round -> round.writtenBytes() / BYTES_PER_KIB / round.settled())));
  }

  /** Rounds come in pairs: one replica, then a quorum. */
  private static double ratio(List<Round> rounds) {
    var ratios = new ArrayList<Double>();
    for (int i = 0; i + 1 < rounds.size(); i += 2) {
      ratios.add(rounds.get(i + 1).cpuMillisPerJob() / rounds.get(i).cpuMillisPerJob());
    }
    return Rounded.median(ratios);
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return Rounded.median(rounds.stream().map(figure::applyAsDouble).toList());
  }

  private static void clear(Path data) throws IOException {
    if (Files.exists(data)) {
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

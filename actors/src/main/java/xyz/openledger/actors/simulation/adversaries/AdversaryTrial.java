package xyz.openledger.actors.simulation.adversaries;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.AuditDraw;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.verification.AuditRate;
import xyz.openledger.verification.Checked;
import xyz.openledger.verification.Finding;
import xyz.openledger.verification.Payout;
import xyz.openledger.verification.Replica;
import xyz.openledger.verification.Reputation.Conduct;
import xyz.openledger.verification.Reveal;
import xyz.openledger.verification.Reveals;
import xyz.openledger.verification.Verdict;
import xyz.openledger.verification.Verdicts;
import xyz.openledger.verification.dispute.Side;

/**
 * One adversary against the rules of production: {@link Verdicts} decides, {@link Reveals} checks
 * what is shown, {@link Payout} says who is paid, and records and audit rates are those that pools
 * lease by. Replicas are drawn among owners that have no part in the task, all alike.
 */
public final class AdversaryTrial {
  private static final Digest TASK = Party.digest("task");
  private static final Digest SALT = Party.digest("salt");
  private static final TenantId TENANT = new TenantId("simulation");
  private static final int NAMES_MAX = 10;

  /** The price at which a replica, which burns a gigafuel, is paid the reward. */
  private static final long REWARD_PRICE = AdversaryPlan.REWARD_NANO_OPEN;

  private static final long HONEST_NANO_OPEN =
      AdversaryPlan.REWARD_NANO_OPEN - AdversaryPlan.COST_NANO_OPEN;

  private final Adversary adversary;
  private final AdversaryPlan plan;
  private final SplittableRandom random;
  private final EpochSecret secret;
  private final List<Party> parties = new ArrayList<>();
  private final int[] names;
  private final Hearings hearings;

  private final Set<ReplicaId> proven = new HashSet<>();
  private final Set<ReplicaId> refuted = new HashSet<>();
  private long cheated;
  private long caught;
  private long wrong;
  private long undecided;
  private long accused;
  private long copies;
  private long leased;
  private long gainNanoOpen;

  private AdversaryTrial(Adversary adversary, AdversaryPlan plan) {
    this.adversary = adversary;
    this.plan = plan;
    random =
        new SplittableRandom(plan.seed() * 31 + List.of(Adversary.values()).indexOf(adversary));
    secret = EpochSecret.of(ByteBuffer.allocate(EpochSecret.BYTES).putLong(0, plan.seed()).array());
    names = new int[plan.machines()];
    hearings = new Hearings(plan.seed(), adversary == Adversary.OFF_BY_ONE);
    for (int i = 0; i < plan.machines(); i++) {
      parties.add(new Party("m" + i, i * 100 < plan.adversaryPercent() * plan.machines()));
    }
  }

  /** One replica of the task at hand, with what its machine means to do. */
  private record Part(int machine, Cheat.Deed deed, boolean atOnce) {}

  /** Runs all tasks of a plan against one adversary. */
  public static AdversaryFigures run(Adversary adversary, AdversaryPlan plan) {
    var trial = new AdversaryTrial(adversary, plan);
    for (int task = 0; task < plan.tasks(); task++) {
      trial.task(task);
    }
    return trial.figures();
  }

  private void task(int number) {
    var id = new TaskId(JobId.of(TENANT, Integer.toString(number)), 0);
    var replicas = new ArrayList<Replica>();
    var parts = new ArrayList<Part>();
    proven.clear();
    refuted.clear();
    while (true) {
      switch (Verdicts.of(plan.policy(), replicas, new Checked(proven, refuted))) {
        case Verdict.Lease lease -> {
          int at = replicas.size();
          for (int i = 0; i < lease.count(); i++) {
            if (!lease(
                new ReplicaId(id, replicas.size()), lease.ownersExcluded(), replicas, parts)) {
              end(replicas, parts, null);
              return;
            }
          }
          decide(at, replicas, parts);
        }
        case Verdict.Wait _ -> commit(replicas, parts);
        case Verdict.Reveal reveal -> {
          show(Set.copyOf(reveal.replicas()), replicas, parts);
          hear(replicas);
        }
        case Verdict.Accepted accepted -> {
          end(replicas, parts, accepted);
          return;
        }
        case Verdict.NoAgreement _ -> {
          end(replicas, parts, null);
          return;
        }
      }
    }
  }

  private boolean lease(
      ReplicaId id, Set<Address> excluded, List<Replica> replicas, List<Part> parts) {
    Set<Address> taken = new HashSet<>(excluded);
    replicas.forEach(replica -> taken.add(replica.owner()));
    if (taken.size() >= parties.size()) {
      return false;
    }
    int machine = random.nextInt(parties.size());
    while (taken.contains(parties.get(machine).owner)) {
      machine = random.nextInt(parties.size());
    }
    Party party = parties.get(machine);
    long confirmed = party.record.confirmed();
    boolean audited =
        AuditRate.applies(plan.policy().method())
            && AuditDraw.of(
                secret,
                id,
                AuditRate.partsPerMillion(
                    confirmed, AdversaryPlan.REWARD_NANO_OPEN, AdversaryPlan.STAKE_NANO_OPEN));
    boolean alone = replicas.stream().allMatch(it -> it.state() == Replica.State.LOST);
    replicas.add(
        Replica.leased(id, party.node, party.owner)
            .of(new Replica.Standing(confirmed, party.record.contribution(), audited)));
    parts.add(
        new Part(
            machine, Cheat.Deed.HONEST, Verdicts.showsAtOnce(plan.policy(), confirmed, alone)));
    return true;
  }

  /** New machines make up their minds, seeing who else is at work; who shows at once, shows. */
  private void decide(int from, List<Replica> replicas, List<Part> parts) {
    boolean amongFriends = parts.stream().allMatch(part -> parties.get(part.machine()).adversary);
    for (int i = from; i < parts.size(); i++) {
      Part part = parts.get(i);
      Party party = parties.get(part.machine());
      if (party.adversary) {
        Cheat.Deed deed = Cheat.of(adversary, party.good, amongFriends, part.atOnce(), random);
        part = new Part(part.machine(), deed, part.atOnce());
        parts.set(i, part);
      }
      if (part.atOnce()) {
        replicas.set(
            i,
            part.deed().way() == Cheat.Way.DELIVERS
                ? shown(replicas.get(i), part.deed().outcome(), null)
                : replicas.get(i).in(Replica.State.LOST));
      }
    }
  }

  /**
   * Outcomes that differ are heard, as far as anything is; who wins is checked as a whole, which
   * misses nothing here.
   */
  private void hear(List<Replica> replicas) {
    if (plan.policy().method() != Policy.Method.DISPUTE) {
      return;
    }
    List<Replica> shown =
        replicas.stream().filter(it -> it.state() == Replica.State.REVEALED).toList();
    for (int i = 1; i < shown.size(); i++) {
      for (int k = 0; k < i; k++) {
        hear(shown.get(k), shown.get(i));
      }
    }
  }

  private void hear(Replica claimant, Replica challenger) {
    Outcome first = claimant.outcome();
    Outcome second = challenger.outcome();
    if (first == null
        || second == null
        || first.equals(second)
        || refuted.contains(claimant.id())
        || refuted.contains(challenger.id())) {
      return;
    }
    Side winner = hearings.play(first, second, adversary == Adversary.STALLER);
    for (Side side : Side.values()) {
      Replica replica = side == Side.CLAIMANT ? claimant : challenger;
      boolean right = side == winner && Cheat.RIGHT.equals(replica.outcome());
      (right ? proven : refuted).add(replica.id());
    }
  }

  private void commit(List<Replica> replicas, List<Part> parts) {
    conspire(replicas, parts);
    for (int i = 0; i < replicas.size(); i++) {
      if (replicas.get(i).state() == Replica.State.LEASED) {
        boolean stalls = parts.get(i).deed().way() == Cheat.Way.STALLS;
        replicas.set(i, replicas.get(i).in(stalls ? Replica.State.LOST : Replica.State.COMMITTED));
      }
    }
  }

  /**
   * Before anything is committed to, a ring looks how many of it are at work: where a policy asks
   * for so many owners, it lies if it holds as many. Who else is at work it cannot see.
   */
  private void conspire(List<Replica> replicas, List<Part> parts) {
    int agreement = plan.policy().parameters().agreement();
    if (adversary != Adversary.RING || agreement < 2) {
      return;
    }
    List<Integer> ring =
        IntStream.range(0, parts.size())
            .filter(i -> parties.get(parts.get(i).machine()).adversary)
            .boxed()
            .toList();
    for (int i : ring) {
      if (replicas.get(i).state() == Replica.State.LEASED) {
        parts.set(
            i,
            new Part(
                parts.get(i).machine(),
                ring.size() >= agreement ? Cheat.LYING : Cheat.Deed.HONEST,
                false));
      }
    }
  }

  private static void show(Set<ReplicaId> asked, List<Replica> replicas, List<Part> parts) {
    for (int i = 0; i < replicas.size(); i++) {
      Replica replica = replicas.get(i);
      if (asked.contains(replica.id())) {
        Cheat.Deed deed = parts.get(i).deed();
        Outcome committed = deed.way() == Cheat.Way.SHOWS_OTHER ? blank() : deed.outcome();
        Digest commitment =
            Commitment.of(replica.id(), replica.node(), committed.digest(), SALT.bytes());
        replicas.set(
            i,
            deed.way() == Cheat.Way.WITHHOLDS
                ? replica.in(Replica.State.LOST)
                : shown(replica, deed.outcome(), commitment));
      }
    }
  }

  private static Outcome blank() {
    return new Outcome(Outcome.Status.FINISHED, 0, 1_000_000_000, Party.digest("blank"), 0);
  }

  /** What is shown counts only if it fits the commitment; otherwise the replica is lost. */
  private static Replica shown(Replica replica, Outcome outcome, @Nullable Digest commitment) {
    var expected =
        new Reveal.Expected(
            replica.id(), replica.node(), 1, TASK, 1_000_000_000, 4_096, commitment);
    var finding = Reveals.reveal(expected, new Reveal(replica.id(), 1, TASK, outcome, SALT));
    return finding instanceof Finding.Ok
        ? replica.revealed(outcome)
        : replica.in(Replica.State.LOST);
  }

  private void end(List<Replica> replicas, List<Part> parts, Verdict.@Nullable Accepted accepted) {
    copies += replicas.size();
    undecided += accepted == null ? 1 : 0;
    wrong += accepted != null && !accepted.outcome().equals(Cheat.RIGHT) ? 1 : 0;
    boolean confirmed = accepted != null && accepted.agreeing().size() > 1;
    for (int i = 0; i < replicas.size(); i++) {
      Replica replica = replicas.get(i);
      Part part = parts.get(i);
      boolean dissents =
          refuted.contains(replica.id())
              || (accepted != null && accepted.dissenting().contains(replica.id()));
      boolean agrees = accepted != null && accepted.agreeing().contains(replica.id());
      boolean lost = replica.state() == Replica.State.LOST;
      boolean refused = lost && part.deed().way() == Cheat.Way.SHOWS_OTHER;
      judge(
          part,
          accepted == null ? null : Payout.of(accepted, replica, REWARD_PRICE),
          dissents || lost);
      Party party = parties.get(part.machine());
      if (agrees || dissents || lost) {
        Conduct conduct =
            agrees ? Conduct.ACCEPTED : dissents || refused ? Conduct.REJECTED : Conduct.LOST;
        party.record = party.record.after(conduct, agrees && confirmed, 1);
      }
      party.good += part.deed().cheats() ? 0 : 1;
      if (dissents || refused) {
        fall(part.machine());
      }
    }
  }

  private void judge(Part part, @Nullable Payout payout, boolean noticed) {
    Party party = parties.get(part.machine());
    if (!party.adversary) {
      accused += noticed ? 1 : 0;
      return;
    }
    leased++;
    long paid = payout == null ? 0 : payout.nanoOpen();
    long cost = AdversaryPlan.COST_NANO_OPEN * part.deed().costPercent() / 100;
    // Where no result came about honest work would not have been paid either.
    long honest = payout == null ? -AdversaryPlan.COST_NANO_OPEN : HONEST_NANO_OPEN;
    gainNanoOpen += paid - cost - honest;
    if (part.deed().cheats()) {
      cheated++;
      caught += noticed ? 1 : 0;
    }
  }

  /** What being caught costs beyond the reward. */
  private void fall(int machine) {
    Party party = parties.get(machine);
    if (plan.expels()) {
      gainNanoOpen -= party.adversary ? AdversaryPlan.STAKE_NANO_OPEN : 0;
      names[machine]++;
      // Honest owners register anew; so do cheats, as long as the trial lets them pay for it.
      boolean returns = !party.adversary || names[machine] < NAMES_MAX;
      parties.set(
          machine,
          new Party("m%d as of %d".formatted(machine, names[machine]), party.adversary && returns));
    } else if (party.adversary && adversary == Adversary.SYBIL) {
      names[machine]++;
      parties.set(machine, new Party("m%d as of %d".formatted(machine, names[machine]), true));
    }
  }

  private AdversaryFigures figures() {
    return new AdversaryFigures(
        adversary.word(),
        AdversaryFigures.word(plan.policy()),
        plan.expels(),
        cheated,
        cheated == 0 ? 100 : 100.0 * caught / cheated,
        1_000_000L * wrong / plan.tasks(),
        1_000_000L * undecided / plan.tasks(),
        accused,
        (double) copies / plan.tasks(),
        leased == 0 ? 0 : 1_000.0 * gainNanoOpen / leased / AdversaryPlan.REWARD_NANO_OPEN,
        hearings.figures());
  }
}

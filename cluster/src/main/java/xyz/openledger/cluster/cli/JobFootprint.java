package xyz.openledger.cluster.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.energy.Footprint;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobDetail.ReplicaView;
import xyz.openledger.protocol.api.JobDetail.TaskView;
import xyz.openledger.protocol.api.NodeDetail;

/**
 * What a job emitted, as far as its nodes declared their power and grid: an estimate.
 *
 * @param counted replicas that are in it
 * @param undeclared replicas that ran on nodes whose power, grid or speed is not known here
 */
record JobFootprint(Footprint sum, int counted, int undeclared) {
  private static final long MICROGRAMS_PER_MILLIGRAM = 1_000;
  private static final long MICROGRAMS_PER_GRAM = 1_000_000;
  private static final double MICRO_JOULES_PER_MILLIWATT_HOUR = 3_600_000;

  /** Adds up the replicas whose fuel is known. */
  static JobFootprint of(JobDetail job, Function<NodeId, @Nullable NodeDetail> nodes) {
    var sum = Footprint.NONE;
    int counted = 0;
    int undeclared = 0;
    for (TaskView task : job.tasks()) {
      for (ReplicaView replica : task.replicas()) {
        Outcome outcome = replica.outcome();
        NodeDetail node = nodes.apply(replica.node());
        if (outcome == null) {
          continue;
        }
        // Power and intensity that were not declared are told as 0.
        if (node == null
            || node.watts() == 0
            || replica.carbonGramsPerKwh() == 0
            || node.node().fuelPerCpuSecond() == 0) {
          undeclared++;
        } else {
          sum = sum.plus(Footprint.of(outcome.fuelUsed(), machine(node, replica)));
          counted++;
        }
      }
    }
    return new JobFootprint(sum, counted, undeclared);
  }

  private static Footprint.Machine machine(NodeDetail node, ReplicaView replica) {
    return new Footprint.Machine(
        node.node().fuelPerCpuSecond(),
        node.watts(),
        Math.max(1, node.node().slots()),
        replica.carbonGramsPerKwh(),
        0,
        Footprint.Machine.LIFE_SECONDS);
  }

  /** For people, with what it takes for granted. */
  String text() {
    if (counted == 0) {
      return undeclared == 0 ? "-" : "not known: no node of it declared its power and its grid";
    }
    return String.format(
            Locale.ROOT,
            "%s CO2e, %.3f mWh (estimate, declared watts)%n",
            grams(sum.totalMicrograms()),
            sum.energyMicroJoules() / MICRO_JOULES_PER_MILLIWATT_HOUR)
        + "SCI = (E × I + M) per job. E: fuel at the node's measured speed, declared watts shared\n"
        + "by its slots; the speed is of a small loop, real work may take more. I: declared g"
        + " CO2e\n"
        + "per kWh. M: making the machines, not known, 0.\n"
        + "%d replicas counted".formatted(counted)
        + (undeclared == 0 ? "" : ", %d on nodes that declared too little".formatted(undeclared));
  }

  private static String grams(long micrograms) {
    if (micrograms < MICROGRAMS_PER_MILLIGRAM) {
      return micrograms + " µg";
    }
    boolean milli = micrograms < MICROGRAMS_PER_GRAM;
    return BigDecimal.valueOf(micrograms)
            .divide(
                BigDecimal.valueOf(milli ? MICROGRAMS_PER_MILLIGRAM : MICROGRAMS_PER_GRAM),
                2,
                RoundingMode.UP)
            .toPlainString()
        + (milli ? " mg" : " g");
  }
}

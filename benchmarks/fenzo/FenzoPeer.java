import com.netflix.fenzo.ConstraintEvaluator;
import com.netflix.fenzo.SchedulingResult;
import com.netflix.fenzo.TaskRequest;
import com.netflix.fenzo.TaskScheduler;
import com.netflix.fenzo.TaskTrackerState;
import com.netflix.fenzo.VMAssignmentResult;
import com.netflix.fenzo.VMTaskFitnessCalculator;
import com.netflix.fenzo.VirtualMachineCurrentState;
import com.netflix.fenzo.VirtualMachineLease;
import com.netflix.fenzo.plugins.BinPackingFitnessCalculators;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.mesos.Protos;

/**
 * Places tasks with Fenzo: for each line {@code go N} one scheduling run of N tasks, best fit by
 * CPU, each with one hard constraint over its node's attributes. The nodes and kinds are those of
 * the file {@code world} in this folder. Answers {@code round CPU-SECONDS PLACED}.
 */
public final class FenzoPeer {
  private static final double NANOS_PER_SECOND = 1e9;

  /** What a kind asks of a node. */
  record Kind(String region, long carbonMax, long memoryMin, long reputationMin)
      implements ConstraintEvaluator {
    @Override
    public String getName() {
      return "policy";
    }

    @Override
    public Result evaluate(
        TaskRequest task, VirtualMachineCurrentState node, TaskTrackerState state) {
      Map<String, Protos.Attribute> has = node.getCurrAvailableResources().getAttributeMap();
      boolean fits =
          (region.equals("any") || has.get("region").getText().getValue().equals(region))
              && number(has, "carbon") <= carbonMax
              && number(has, "memory") >= memoryMin
              && number(has, "reputation") >= reputationMin;
      return new Result(fits, fits ? "" : "policy");
    }

    private static double number(Map<String, Protos.Attribute> has, String name) {
      return has.get(name).getScalar().getValue();
    }
  }

  record Task(
      String getId, List<ConstraintEvaluator> getHardConstraints, AssignedResources[] assigned)
      implements TaskRequest {
    public String taskGroupName() {
      return "bench";
    }

    public double getCPUs() {
      return 1;
    }

    public double getMemory() {
      return 1;
    }

    public double getNetworkMbps() {
      return 0;
    }

    public double getDisk() {
      return 0;
    }

    public int getPorts() {
      return 0;
    }

    public Map<String, Double> getScalarRequests() {
      return Map.of();
    }

    public Map<String, NamedResourceSetRequest> getCustomNamedResources() {
      return Map.of();
    }

    public List<? extends VMTaskFitnessCalculator> getSoftConstraints() {
      return List.of();
    }

    public void setAssignedResources(AssignedResources to) {
      assigned[0] = to;
    }

    public AssignedResources getAssignedResources() {
      return assigned[0];
    }
  }

  record Lease(String getId, double cpuCores, Map<String, Protos.Attribute> getAttributeMap)
      implements VirtualMachineLease {
    public long getOfferedTime() {
      return 0;
    }

    public String hostname() {
      return getId;
    }

    public String getVMID() {
      return getId;
    }

    public double memoryMB() {
      return 1_000;
    }

    public double networkMbps() {
      return 0;
    }

    public double diskMB() {
      return 0;
    }

    public List<Range> portRanges() {
      return List.of();
    }

    public Protos.Offer getOffer() {
      return Protos.Offer.newBuilder()
          .setId(Protos.OfferID.newBuilder().setValue(getId))
          .setFrameworkId(Protos.FrameworkID.newBuilder().setValue("bench"))
          .setSlaveId(Protos.SlaveID.newBuilder().setValue(getId))
          .setHostname(getId)
          .build();
    }

    public Double getScalarValue(String name) {
      return null;
    }

    public Map<String, Double> getScalarValues() {
      return Map.of();
    }
  }

  private FenzoPeer() {}

  public static void main(String[] arguments) throws Exception {
    List<VirtualMachineLease> leases = new ArrayList<>();
    List<Kind> kinds = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("world"))) {
      String[] part = line.split(" ");
      if (part[0].equals("node")) {
        Map<String, Protos.Attribute> attributes = new HashMap<>();
        attributes.put("region", text("region", part[1]));
        attributes.put("carbon", scalar("carbon", part[2]));
        attributes.put("memory", scalar("memory", part[3]));
        attributes.put("roundTrip", scalar("roundTrip", part[4]));
        attributes.put("price", scalar("price", part[5]));
        attributes.put("reputation", scalar("reputation", part[6]));
        leases.add(new Lease("node-" + leases.size(), Double.parseDouble(part[7]), attributes));
      } else {
        kinds.add(
            new Kind(
                part[1],
                Long.parseLong(part[2]),
                Long.parseLong(part[3]),
                Long.parseLong(part[4])));
      }
    }
    TaskScheduler scheduler =
        new TaskScheduler.Builder()
            .withLeaseOfferExpirySecs(1_000_000)
            .withLeaseRejectAction(lease -> {})
            .withFitnessCalculator(BinPackingFitnessCalculators.cpuBinPacker)
            .disableShortfallEvaluation()
            .build();
    scheduler.scheduleOnce(List.of(), leases);
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<TaskRequest> tasks = new ArrayList<>();
      int count = Integer.parseInt(line.split(" ")[1]);
      for (int i = 0; i < count; i++) {
        tasks.add(
            new Task(
                "task-" + number++,
                List.of(kinds.get(i % kinds.size())),
                new TaskRequest.AssignedResources[1]));
      }
      long start = cpuNanos();
      SchedulingResult result = scheduler.scheduleOnce(tasks, List.of());
      double seconds = (cpuNanos() - start) / NANOS_PER_SECOND;
      int placed = 0;
      List<VirtualMachineLease> back = new ArrayList<>();
      for (VMAssignmentResult assigned : result.getResultMap().values()) {
        placed += assigned.getTasksAssigned().size();
        back.addAll(assigned.getLeasesUsed());
      }
      // The slots are free again; this is not timed, unlike ours.
      scheduler.scheduleOnce(List.of(), back);
      System.out.println("round " + seconds + " " + placed);
    }
    System.exit(0);
  }

  private static Protos.Attribute text(String name, String value) {
    return Protos.Attribute.newBuilder()
        .setName(name)
        .setType(Protos.Value.Type.TEXT)
        .setText(Protos.Value.Text.newBuilder().setValue(value))
        .build();
  }

  private static Protos.Attribute scalar(String name, String value) {
    return Protos.Attribute.newBuilder()
        .setName(name)
        .setType(Protos.Value.Type.SCALAR)
        .setScalar(Protos.Value.Scalar.newBuilder().setValue(Double.parseDouble(value)))
        .build();
  }

  /** Of the whole process: Fenzo evaluates on threads of its own. */
  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}

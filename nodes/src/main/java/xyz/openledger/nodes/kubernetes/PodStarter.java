package xyz.openledger.nodes.kubernetes;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.sandbox.Container;
import xyz.openledger.nodes.sandbox.ControlGroup;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** Starts workers in pods of a cluster. */
public final class PodStarter implements Container.Starter {
  /** A machine of the cluster may have to be started for it, and the image to be fetched. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** The longest task, and as long for having waited for it. */
  private static final Duration LIFE_MAX = Duration.ofDays(2);

  private static final int RUN_BYTES = 16;

  private final PodSettings settings;
  private final ApiServer server;
  private final WorkerJobs jobs;
  private final String agent;
  private final String run;
  private final WorkerOrder.@Nullable Owner owner;
  private final Duration patience;
  private final AtomicInteger number = new AtomicInteger();

  PodStarter(
      PodSettings settings,
      ApiServer server,
      String agent,
      WorkerOrder.@Nullable Owner owner,
      Duration patience) {
    this.patience = patience;
    this.settings = settings;
    this.server = server;
    this.jobs = new WorkerJobs(server, settings.namespace());
    this.agent = agent;
    this.owner = owner;
    byte[] run = new byte[RUN_BYTES];
    new SecureRandom().nextBytes(run);
    this.run = HexFormat.of().formatHex(run);
  }

  /**
   * Ready to start workers of an agent, once what an earlier life of it left was cleared away.
   *
   * @param kubeconfig absent for the cluster that this program runs in
   * @throws ProblemException if there is no cluster, or it lacks what workers need; says what
   */
  public static PodStarter open(
      PodSettings settings,
      String agent,
      @Nullable Path kubeconfig,
      Map<String, String> environment) {
    ClusterAccess access =
        kubeconfig != null
            ? AccessFiles.ofFile(kubeconfig)
            : AccessFiles.ofPod(environment)
                .orElseThrow(
                    () ->
                        new ProblemException(
                            Problem.UNAVAILABLE,
                            "kubeconfig",
                            "is needed: this program does not run in a pod of a cluster"));
    var starter =
        new PodStarter(
            settings,
            new ApiServer(access),
            agent,
            owner(settings.namespace(), environment),
            PATIENCE);
    try {
      new ClusterCheck(starter.server, settings).require();
      starter.jobs.sweep(agent, starter.run);
      return starter;
    } catch (IOException refused) {
      starter.close();
      throw new ProblemException(
          Problem.SANDBOX_FAILED, "sandbox", String.valueOf(refused.getMessage()));
    }
  }

  /** The pod that this program runs in, where workers are its neighbours: told by the cluster. */
  private static WorkerOrder.@Nullable Owner owner(
      String namespace, Map<String, String> environment) {
    String name = environment.get("OPENLEDGER_POD_NAME");
    String uid = environment.get("OPENLEDGER_POD_UID");
    return name != null
            && uid != null
            && namespace.equals(environment.get("OPENLEDGER_POD_NAMESPACE"))
        ? new WorkerOrder.Owner(name, uid)
        : null;
  }

  @Override
  public Process start(List<String> command, ControlGroup.Limits limits, long temporaryMaxBytes) {
    var order =
        new WorkerOrder(
            settings,
            agent,
            run,
            number.getAndIncrement(),
            command,
            limits.cpuPercent(),
            limits.memoryMaxBytes(),
            temporaryMaxBytes,
            LIFE_MAX,
            owner);
    return PodProcess.start(jobs, order, patience);
  }

  @Override
  public Duration patience() {
    return patience;
  }

  @Override
  public Duration lifeMax() {
    return LIFE_MAX;
  }

  @Override
  public void close() {
    server.close();
  }
}

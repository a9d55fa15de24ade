package xyz.openledger.nodes.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import xyz.openledger.nodes.execution.Programs;
import xyz.openledger.nodes.sandbox.Container;
import xyz.openledger.nodes.sandbox.SandboxChoice;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerModule;
import xyz.openledger.nodes.worker.WorkerPool;
import xyz.openledger.nodes.worker.WorkerSettings;
import xyz.openledger.nodes.worker.WorkerTask;

/**
 * A task in a pod of a real cluster, where one is named; the manifests have to be applied there.
 */
@Timeout(600)
class ClusterTest {
  private static final Map<String, String> ENVIRONMENT = System.getenv();

  @Test
  void runsATaskInAPodWhoseWallsHold() {
    assumeTrue(
        ENVIRONMENT.containsKey("OPENLEDGER_WORKER_IMAGE")
            && ENVIRONMENT.containsKey("OPENLEDGER_RUNTIME_CLASS")
            && ENVIRONMENT.containsKey("KUBECONFIG"),
        "no cluster: set KUBECONFIG, OPENLEDGER_WORKER_IMAGE and OPENLEDGER_RUNTIME_CLASS");
    var settings =
        new PodSettings(
            "openledger-workers",
            ENVIRONMENT.get("OPENLEDGER_WORKER_IMAGE"),
            ENVIRONMENT.get("OPENLEDGER_RUNTIME_CLASS"));
    Path kubeconfig = Path.of(ENVIRONMENT.get("KUBECONFIG"));

    try (var starter = PodStarter.open(settings, "cluster-test", kubeconfig, ENVIRONMENT)) {
      SandboxChoice choice = SandboxChoice.required(new Container(starter));
      try (var pool = WorkerPool.start(WorkerSettings.of(1), choice)) {
        TaskResult result =
            pool.run(
                    new WorkerTask(
                        WorkerModule.of(Programs.submitted("echo")),
                        Programs.request("from afar".getBytes(UTF_8)),
                        Duration.ofSeconds(30)))
                .orTimeout(300, TimeUnit.SECONDS)
                .join();

        assertThat(result).isInstanceOf(TaskResult.Completed.class);
        assertThat(((TaskResult.Completed) result).execution().output())
            .asString(UTF_8)
            .isEqualTo("from afar");
      }
      assertThat(choice.degraded()).isEqualTo(List.of());
    }
  }
}

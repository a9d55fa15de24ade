package xyz.openledger.nodes.kubernetes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.execution.Programs;
import xyz.openledger.nodes.sandbox.ClassPath;
import xyz.openledger.nodes.sandbox.Container;
import xyz.openledger.nodes.sandbox.ControlGroup;
import xyz.openledger.nodes.sandbox.JavaProgram;
import xyz.openledger.nodes.sandbox.ResourceLimits;
import xyz.openledger.nodes.sandbox.SandboxChoice;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerModule;
import xyz.openledger.nodes.worker.WorkerPool;
import xyz.openledger.nodes.worker.WorkerSettings;
import xyz.openledger.nodes.worker.WorkerTask;

/** The way of a task into a pod and back, against {@link StandInCluster}, which is no cluster. */
@Timeout(120)
class PodWorkersTest {
  private static final PodSettings SETTINGS =
      new PodSettings(
          StandInCluster.NAMESPACE, "registry.example/node@sha256:" + "ab".repeat(32), "gvisor");
  private static final String AGENT = "node-abcdefghijklmnopqrstuvwxya";
  private static final ControlGroup.Limits LIMITS = new ControlGroup.Limits(100, 256 << 20, 64);

  @TempDir private static Path folder;
  private static KeyStore keys;
  private StandInCluster cluster;
  private ApiServer server;
  private PodStarter starter;

  @BeforeAll
  static void makeKeys() throws Exception {
    keys = StandInCluster.keys(folder);
  }

  @BeforeEach
  void start() throws Exception {
    cluster = new StandInCluster(keys);
    server = new ApiServer(cluster.access());
    starter = starter(Duration.ofSeconds(60));
  }

  private PodStarter starter(Duration patience) {
    return new PodStarter(SETTINGS, server, AGENT, null, patience);
  }

  @AfterEach
  void stop() throws Exception {
    starter.close();
    cluster.close();
    assertThat(cluster.wrong).isEmpty();
  }

  @Test
  void runsTasksAndLeavesNothingBehind() {
    byte[] input = new byte[3 << 20];
    new SplittableRandom(7).nextBytes(input);
    byte[] sentence = "a sentence that no log may show ".repeat(40).getBytes(UTF_8);
    try (var pool = WorkerPool.start(settings(), choice())) {
      assertThat(pool.sandbox().sandbox().level().label()).isEqualTo("container");
      assertThat(pool.cpuShare().kind()).isEqualTo("container");

      assertThat(output(run(pool, input))).isEqualTo(input);
      assertThat(output(run(pool, sentence))).isEqualTo(sentence);
      assertThat(cluster.jobs()).hasSize(1);
      assertThat(logged()).doesNotContain("a sentence that no log may show");
    }
    assertThat(cluster.jobs()).isEmpty();
  }

  @Test
  void startsAnotherWorkerWhereOneIsLost() {
    try (var pool = WorkerPool.start(settings(), choice())) {
      assertThat(output(run(pool, new byte[] {1}))).containsExactly(1);
      var first = cluster.jobs();

      cluster.processes().forEach(Process::destroyForcibly);

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> run(pool, new byte[] {2}) instanceof TaskResult.Completed);
      assertThat(cluster.jobs()).hasSize(1).doesNotContainAnyElementsOf(first);
    }
  }

  @Test
  void aTenantHasAWorkerOfItsOwn() {
    try (var pool = WorkerPool.start(settings().withTenantsApart(), choice())) {
      assertThat(output(run(pool, new byte[] {1}, 1))).containsExactly(1);
      var first = cluster.jobs();
      assertThat(output(run(pool, new byte[] {2}, 2))).containsExactly(2);

      assertThat(cluster.jobs()).doesNotContainAnyElementsOf(first);
    }
  }

  @Test
  void anOrderWhoseAnswerWasLostFindsItsJob() throws Exception {
    cluster.answersToLose.set(1);

    Process process = starter.start(echo(), LIMITS, 1 << 20);

    assertThat(answer(process, "once")).isEqualTo("once");
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void asksAgainWhereTheServerIsBusy() throws Exception {
    cluster.busyAnswers.set(2);

    assertThat(answer(starter.start(echo(), LIMITS, 1 << 20), "patience")).isEqualTo("patience");
  }

  @Test
  void killingDeletesTheJob() throws Exception {
    Process process = starter.start(echo(), LIMITS, 1 << 20);
    await().atMost(Duration.ofSeconds(60)).until(() -> !cluster.processes().isEmpty());

    process.destroyForcibly();

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(137);
    assertThat(cluster.jobs()).isEmpty();
  }

  @Test
  void aWorkerEndsWithItsAgent() throws Exception {
    Process process = starter.start(echo(), LIMITS, 1 << 20);
    process.getOutputStream().write('x');
    process.getInputStream().read();
    var inside = cluster.processes();

    starter.close();

    await().atMost(Duration.ofSeconds(60)).until(() -> inside.stream().noneMatch(Process::isAlive));
  }

  @Test
  void clearsAwayWhatAnEarlierLifeOfTheAgentLeft() throws Exception {
    var mine = order(AGENT, "an earlier life");
    var others = order("node-of-somebody-else", "an earlier life");
    cluster.put(WorkerJob.manifest(mine));
    cluster.put(WorkerJob.manifest(others));
    cluster.put(WorkerJob.manifest(order(AGENT, "this life")));

    var swept = new WorkerJobs(server, StandInCluster.NAMESPACE).sweep(AGENT, "this life");

    assertThat(swept).containsExactly(WorkerJob.name(mine));
    assertThat(cluster.jobs()).hasSize(2).contains(WorkerJob.name(others));
  }

  private static WorkerOrder order(String agent, String run) {
    return new WorkerOrder(
        SETTINGS, agent, run, 0, List.of("x"), 100, 1 << 20, 1, Duration.ofHours(1), null);
  }

  @Test
  void saysWhyAWorkerDidNotStart() throws Exception {
    cluster.stuck =
        "{\"containerStatuses\":[{\"state\":{\"waiting\":"
            + "{\"reason\":\"ImagePullBackOff\",\"message\":\"unauthorized\"}}}]}";
    assertThat(complaint()).contains("the image cannot be pulled: ImagePullBackOff: unauthorized");

    cluster.stuck = "{\"phase\":\"Failed\",\"reason\":\"Evicted\",\"message\":\"low on memory\"}";
    assertThat(complaint()).contains("Evicted: low on memory");

    starter = starter(Duration.ofSeconds(1));
    cluster.stuck = "";
    cluster.events =
        "{\"items\":[{\"type\":\"Warning\",\"reason\":\"FailedCreate\",\"message\":\"exceeded"
            + " quota\"}]}";
    assertThat(complaint()).contains("did not run within 1 s: FailedCreate: exceeded quota");
  }

  @Test
  void saysWhyAWorkerEnded() throws Exception {
    cluster.killReason = "OOMKilled";
    Process process = starter.start(echo(), LIMITS, 1 << 20);
    process.getOutputStream().write('x');
    process.getInputStream().read();

    cluster.processes().forEach(Process::destroyForcibly);

    assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
        .contains("OOMKilled: it took more memory than its pod may");
    assertThat(process.waitFor()).isEqualTo(137);
  }

  @Test
  void saysWhichRightIsMissing() throws Exception {
    for (Right right : List.of(Right.CREATE_JOBS, Right.LIST_PODS, Right.CREATE_ATTACH)) {
      cluster.denied.add(right);
      assertThat(complaint()).contains("may not " + right.words()).contains("rights.yaml");
      cluster.denied.remove(right);
    }
  }

  @Test
  void needsStreamsThatCanBeClosed() throws Exception {
    cluster.streams = "v4.channel.k8s.io";

    assertThat(complaint()).contains("v5.channel.k8s.io");
  }

  @Test
  void refusesAClusterWithoutItsWalls() throws Exception {
    new ClusterCheck(server, SETTINGS).require();

    cluster.enforced = "baseline";
    assertThatThrownBy(this::check).hasMessageContaining("takes pods with powers");
    cluster.enforced = "restricted";
    cluster.policies = "{\"items\":[]}";
    assertThatThrownBy(this::check).hasMessageContaining("no NetworkPolicy closes both ways");
    cluster.denied.add(Right.LIST_POLICIES);
    assertThatThrownBy(this::check)
        .hasMessageContaining("may not list networkpolicies.networking.k8s.io");
    var other = new PodSettings(StandInCluster.NAMESPACE, SETTINGS.image(), "kata");
    assertThatThrownBy(() -> new ClusterCheck(server, other).require())
        .hasMessageContaining("no RuntimeClass kata")
        .hasMessageContaining("--runtime-class");
  }

  private void check() throws Exception {
    new ClusterCheck(server, SETTINGS).require();
  }

  @Test
  void takesNoPlaceWhoseWallsDoNotHold() {
    // The stand-in's pods are processes of this machine, and the probe inside finds that out:
    // by its processes, or by its root where this machine is itself a small container.
    assertThatThrownBy(() -> SandboxChoice.required(new Container(starter)))
        .hasMessageContaining("container does not work here")
        .hasMessageFindingMatch("it runs as root|other processes can be seen");
  }

  @Test
  void reportsWhatAClusterLacks() throws Exception {
    cluster.denied.add(Right.DELETE_JOBS);
    cluster.denied.add(Right.CREATE_ATTACH);

    ClusterReport report = ClusterReport.look(cluster.access(), StandInCluster.NAMESPACE);

    assertThat(report.cluster()).contains("v0.0.0-stand-in");
    assertThat(report.runtimeClasses()).containsExactly("gvisor");
    assertThat(report.lacks())
        .containsExactly(
            "in openledger-workers the account may not delete jobs.batch, create pods/attach");
  }

  @Test
  void trustsNoOtherServerAndShowsItNoToken() throws Exception {
    var other = Files.createDirectory(folder.resolve("other"));
    try (var impostor = new StandInCluster(StandInCluster.keys(other))) {
      var access =
          new ClusterAccess(impostor.access().server(), cluster.access().authorities(), () -> "x");
      try (var client = new ApiServer(access)) {
        assertThatThrownBy(() -> client.look("/version")).hasMessageContaining("does not answer");
      }
    }
  }

  private String complaint() throws Exception {
    Process process = starter.start(echo(), LIMITS, 1 << 20);
    byte[] said = process.getErrorStream().readAllBytes();
    assertThat(process.waitFor()).isNotZero();
    assertThat(cluster.jobs()).isEmpty();
    return new String(said, UTF_8);
  }

  private static List<String> echo() {
    return new Container(null)
        .command(
            new JavaProgram(
                ClassPath.inImage(),
                List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                Echo.class.getName(),
                List.of()),
            new ResourceLimits(1, 1, 1, 1));
  }

  private static String answer(Process process, String said) throws Exception {
    process.getOutputStream().write(said.getBytes(UTF_8));
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  private String logged() {
    var all = new ByteArrayOutputStream();
    cluster.log.forEach(all::writeBytes);
    return all.toString(ISO_8859_1);
  }

  private SandboxChoice choice() {
    return new SandboxChoice(new Container(starter), List.of());
  }

  private static WorkerSettings settings() {
    return WorkerSettings.of(1).withMemoryMaxBytes(64 << 20);
  }

  private static TaskResult run(WorkerPool pool, byte[] input) {
    return run(pool, input, 0);
  }

  private static TaskResult run(WorkerPool pool, byte[] input, long tenant) {
    var limits = new ExecutionLimits(1L << 40, 1 << 20, 4 << 20);
    var task =
        new WorkerTask(
            WorkerModule.of(Programs.submitted("echo")),
            new ExecutionRequest(Programs.TASK, List.of(), input, limits),
            Duration.ofSeconds(30),
            WorkerTask.Files.NONE,
            null,
            tenant,
            null,
            new CompletableFuture<>());
    return pool.run(task).orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static byte[] output(TaskResult result) {
    assertThat(result).isInstanceOf(TaskResult.Completed.class);
    return ((TaskResult.Completed) result).execution().output();
  }
}

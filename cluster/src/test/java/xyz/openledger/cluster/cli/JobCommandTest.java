package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.json.Json;

class JobCommandTest {
  private static final String JOB = "job-" + "a".repeat(26);
  private static final String ADA = "node-" + "a".repeat(26);
  private static final String BOB = "node-" + "i".repeat(26);

  @TempDir Path folder;
  private final CannedMember member = new CannedMember();
  private TestShell shell;

  @BeforeEach
  void start() {
    shell = TestShell.of(folder, member);
  }

  @AfterEach
  void stop() {
    member.close();
  }

  @Test
  void tellsTheWholeWayInOneLine() throws Exception {
    taken(false);
    member.on("GET /api/v1/jobs/" + JOB, 200, job("settled", ""));
    names();

    var result = shell.run("job", "submit", jobFile(), "--wait", "--label", "run=7");

    assertThat(result.err()).contains("uploaded module.wasm", "submitted " + JOB, "settled");
    assertThat(result.out())
        .isEqualTo(
            JOB
                + " queued → running on ada, bob → verified (2 of 2 agree)"
                + " → settled 0.003100000 OPEN\n");
    assertThat(result.exitCode()).isZero();
    var sent =
        member.questions.stream().filter(q -> q.line().equals("POST /api/v1/jobs")).findFirst();
    JobSpec spec = Json.read(sent.orElseThrow().body(), JobSpec.class);
    assertThat(spec.labels()).containsEntry("run", "7");
    assertThat(spec.tasks().getFirst().input())
        .isEqualTo(Digest.of("input".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  @Test
  void aDryRunUploadsAndSubmitsNothing() throws Exception {
    member.on(
        "POST /api/v1/jobs:dry-run",
        200,
        """
        {"feasible":true,"pool":"pool-aaaaaaaaaaaaaaaaaaaaaaaaaa","poolName":"homes","pools":1,
         "total":2,"nodes":2,"eligible":2,"eligibleNow":2,"owners":2,"ownersNeeded":1,"clauses":[],
         "start":{"inMillis":0,"reason":"at once: enough eligible nodes have a free slot"},
         "notes":[]}\
        """);

    var result = shell.run("job", "submit", jobFile(), "--dry-run");

    assertThat(result.out())
        .isEqualTo(
            """
            feasible: 2 of 2 nodes of pool homes may run it, 2 of them now; 2 owners, 1 must agree
            start: at once: enough eligible nodes have a free slot
            """);
    assertThat(result.exitCode()).isZero();
    assertThat(member.questions)
        .extracting(CannedMember.Question::line)
        .containsExactly("POST /api/v1/jobs:dry-run");
  }

  @Test
  void printsTheIdAloneForScripts() throws Exception {
    taken(true);

    var result = shell.run("job", "submit", jobFile(), "--idempotency-key", "nightly-7");

    assertThat(result.out()).isEqualTo(JOB + "\n");
    assertThat(result.err()).contains("submitted before: " + JOB);
  }

  @ParameterizedTest
  @CsvSource({
    "settled, '', 0",
    "refused, unsatisfiable-policy, 3",
    "failed, no-agreement, 1",
    "cancelled, cancelled, 1",
    "expired, deadline-passed, 1"
  })
  void saysByItsExitCodeHowAJobEnded(String state, String problem, int exitCode) {
    member.on("GET /api/v1/jobs/job-aaaaaa", 200, job(state, problem));

    var result = shell.run("job", "wait", "job-aaaaaa");

    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(result.out()).contains(" → " + state).contains(problem);
  }

  @Test
  void givesUpWaitingAndSaysWhereToLook() {
    member.on("GET /api/v1/jobs/job-aaaaaa", 200, job("queued", ""));

    var result = shell.run("job", "wait", "job-aaaaaa", "--timeout", "0");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("still queued").contains("openledger job explain " + JOB);
  }

  @Test
  void showsEveryStageOfAJob() {
    member.on("GET /api/v1/jobs/job-aaaaaa", 200, job("settled", ""));
    names();

    var result = shell.run("job", "show", "job-aaaaaa");

    assertThat(result.out())
        .containsSubsequence(
            "policy",
            "prefers cost 100; quorum of 2, at most 5 replicas",
            "pool",
            "pool-",
            "nodes",
            "ada, bob",
            "agreement",
            "2 of 2 agree",
            "price",
            "0.003100000 OPEN",
            "footprint",
            // 18,911 s at 1 W, twice, at 10 g/kWh.
            "105.07 mg CO2e, 10506.111 mWh (estimate, declared watts)",
            "2 replicas counted",
            "receipt",
            "leaf 12, mined");
  }

  @Test
  void saysThatAFootprintIsNotKnownWhereNodesMayNotBeAsked() {
    member.on("GET /api/v1/jobs/job-aaaaaa", 200, job("settled", ""));
    member.refuse("GET /api/v1/nodes/" + ADA, 403, "forbidden", "nodes:read", "");

    assertThat(shell.run("job", "show", "job-aaaaaa").out())
        .containsSubsequence("footprint", "not known: no node of it declared");
  }

  @Test
  void keepsIdsWhereNamesMayNotBeAsked() {
    member.on("GET /api/v1/jobs/job-aaaaaa", 200, job("settled", ""));
    member.refuse("GET /api/v1/nodes/" + ADA, 403, "forbidden", "nodes:read", "");

    assertThat(shell.run("job", "show", "job-aaaaaa").out())
        .contains("nodes      node-aaaaaaaa, node-iiiiiiii");
  }

  @Test
  void printsJsonThatReadsBackAsTheSame() {
    member.on("GET /api/v1/jobs/job-aaaaaa", 200, job("settled", ""));

    var result = shell.run("job", "show", "job-aaaaaa", "-o", "json");

    assertThat(Json.read(result.out(), JobDetail.class))
        .isEqualTo(Json.read(job("settled", ""), JobDetail.class));
  }

  @Test
  void listsNoMoreThanAsked() {
    String item = Json.tree(Json.read(job("settled", ""), JobDetail.class).job()).toString();
    member.on(
        "GET /api/v1/jobs?limit=200",
        200,
        "{\"items\":[" + item + "," + item + "],\"cursor\":\"\"}");

    var result = shell.run("job", "list", "--limit", "1");

    assertThat(result.out().lines()).hasSize(2);
    assertThat(result.out()).contains("job-aaaaaaaa", "hello", "0.003100000 OPEN");
  }

  @Test
  void writesAnOutputByteForByte() {
    member.on("GET /api/v1/jobs/job-aaaaaa/output?task=1", 200, "no newline at the end");

    assertThat(shell.run("job", "output", "job-aaaaaa", "--task", "1").out())
        .isEqualTo("no newline at the end");
  }

  @Test
  void explainsInSentences() {
    member.on(
        "GET /api/v1/jobs/job-aaaaaa/explain",
        200,
        """
        {"job":"%s","state":"queued","reasons":["ada is cheapest"],"waiting":["for a slot"]}\
        """
            .formatted(JOB));

    assertThat(shell.run("job", "explain", "job-aaaaaa").out())
        .contains("- ada is cheapest\n", "waits: for a slot\n");
  }

  @Test
  void explainsWithTheNamesOfNodes() {
    member.on(
        "GET /api/v1/jobs/job-aaaaaa/explain",
        200,
        """
        {"job":"%s","state":"running","reasons":["task 0, replica r0: %s of 4 nodes"],
         "waiting":["task 0, replica r1: %s to run it"]}\
        """
            .formatted(JOB, ADA, BOB));
    names();

    assertThat(shell.run("job", "explain", "job-aaaaaa").out())
        .contains("- task 0, replica r0: ada of 4 nodes\n")
        .contains("waits: task 0, replica r1: bob to run it\n");
  }

  @Test
  void showsWhyAReplicaWasLost() {
    String why = "the node's stream did not come back, and nobody knows of it";
    String settled = job("settled", "");
    int first = settled.indexOf("\"accepted\"");
    member.on(
        "GET /api/v1/jobs/job-aaaaaa",
        200,
        settled.substring(0, first)
            + "\"lost\",\"problem\":\"node-lost\",\"detail\":\""
            + why
            + "\""
            + settled.substring(first + "\"accepted\"".length()));
    names();

    assertThat(shell.run("job", "show", "job-aaaaaa").out())
        .contains("lost (node-lost: the node's stream did not come back, an…)");
    assertThat(shell.run("job", "show", "job-aaaaaa", "-o", "json").out()).contains(why);
  }

  private void taken(boolean repeated) {
    for (String content : new String[] {"module", "input"}) {
      String digest =
          Digest.of(content.getBytes(java.nio.charset.StandardCharsets.UTF_8)).toString();
      member.on(
          "PUT /api/v1/blobs/" + digest,
          201,
          "{\"digest\":\"%s\",\"bytes\":%d}".formatted(digest, content.length()));
    }
    member.on(
        "POST /api/v1/jobs",
        201,
        "{\"job\":\"%s\",\"state\":\"queued\",\"repeated\":%s}".formatted(JOB, repeated));
  }

  private void names() {
    member.on("GET /api/v1/nodes/" + ADA, 200, node(ADA, "ada"));
    member.on("GET /api/v1/nodes/" + BOB, 200, node(BOB, "bob"));
  }

  private String jobFile() throws Exception {
    Files.writeString(folder.resolve("module.wasm"), "module");
    Files.writeString(folder.resolve("input.txt"), "input");
    Files.writeString(
        folder.resolve("job.json"),
        """
        {"workload":{"kind":"wasm","module":"module.wasm","fuelMax":"1000","memoryMaxBytes":65536,
          "outputMaxBytes":10},
         "tasks":[{"input":"input.txt"}],
         "policy":{"limits":{"priceMaxNanoOpen":"5","deadlineMillis":1000,"reputationMin":0},
          "verification":{"method":"quorum"}}}\
        """);
    return "job.json";
  }

  private static String node(String id, String name) {
    return """
    {"node":{"id":"%s","name":"%s","owner":"0x%s","pool":"pool-%s","standing":"ready",
      "connected":true,"slots":1,"leased":0,"reputation":5000,"priceNanoOpenPerGigafuel":"1",
      "region":"eu","carbonGramsPerKwh":1,"fuelPerCpuSecond":"1","roundTripMicros":1,
      "sandbox":"bubblewrap","stakeNanoOpen":"0"},
     "transportKey":"","resultKey":"","quietHours":"","labels":{},"memoryMaxBytesPerSlot":1,
     "watts":1}\
    """
        .formatted(id, name, "0".repeat(40), "q".repeat(26));
  }

  private static String job(String state, String problem) {
    return """
    {"job":{"id":"%s","tenant":"demo","name":"hello","labels":{},"state":"%s"%s,
      "spec":"sha256:%s","objective":{"weights":{"cost":100,"latency":0,"reliability":0,"carbon":0}},
      "verification":{"method":"quorum","parameters":{"agreement":2,"replicasMax":5}},
      "taskCount":1,"pools":["pool-%s"],"nodes":["%s","%s"],"chargedNanoOpen":"3100000",
      "receiptIndex":12,"submittedAtMillis":1790000000000,"changedAtMillis":1790000001200},
     "tasks":[{"index":0,"replicas":[%s,%s]}],
     "receiptLevel":"mined"}\
    """
        .formatted(
            JOB,
            state,
            problem.isEmpty() ? "" : ",\"problem\":\"" + problem + "\"",
            "0".repeat(64),
            "q".repeat(26),
            ADA,
            BOB,
            replica(0, ADA),
            replica(1, BOB));
  }

  private static String replica(int number, String node) {
    return """
    {"id":"%s/0/r%d","node":"%s","owner":"0x%s","pool":"pool-%s","state":"accepted",
     "outcome":{"status":"finished","exitCode":0,"fuelUsed":"18911","outputDigest":"sha256:%s",
       "outputBytes":85},
     "priceNanoOpenPerGigafuel":"1","paidNanoOpen":"1550000","region":"eu","carbonGramsPerKwh":10}\
    """
        .formatted(JOB, number, node, "0".repeat(40), "q".repeat(26), "1".repeat(64));
  }
}

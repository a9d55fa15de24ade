package xyz.openledger.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static xyz.openledger.protocol.client.ScriptedMember.bytes;

import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.Event;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.PoolSummary;

class OpenLedgerClientTest {
  private static final String VERSION =
      """
      {"version":"0.1.0","api":"v1","javaVersion":"25","spelledTomorrow":true}\
      """;
  private static final String JOB = "job-" + "a".repeat(26);

  @TempDir Path folder;
  private final ScriptedMember member = new ScriptedMember();
  private final OpenLedgerClient client = member.client();

  @AfterEach
  void stop() {
    member.close();
  }

  @Test
  void skipsFieldsOfANewerMember() {
    member.on("GET /api/v1/version", 200, VERSION);

    assertThat(client.version().version()).isEqualTo("0.1.0");
    assertThat(member.questions.getFirst().header("Authorization")).isEqualTo("Bearer olt1-test");
  }

  @Test
  void namesWhatAnAnswerLacks() {
    member.on("GET /api/v1/version", 200, "{\"version\":\"1\",\"api\":\"v1\"}");

    assertThatThrownBy(client::version)
        .isInstanceOf(MalformedAnswer.class)
        .hasMessageContaining("no Version in javaVersion: is missing");
  }

  @Test
  void namesAnAnswerThatIsNoJson() {
    member.on("GET /api/v1/version", 200, "<html>it works</html>");

    assertThatThrownBy(client::version)
        .isInstanceOf(MalformedAnswer.class)
        .hasMessageContaining("not JSON");
  }

  @Test
  void triesAgainWhileTheMemberIsBusy() {
    member
        .on("GET /api/v1/version", 503, Map.of("Retry-After", "1"), new byte[0])
        .on("GET /api/v1/version", 429, "{}")
        .on("GET /api/v1/version", 200, VERSION);

    assertThat(client.version().api()).isEqualTo("v1");
    assertThat(member.questions).hasSize(3);
  }

  @Test
  void givesUpAfterItsAttemptsWithTheLastRefusal() {
    member.on(
        "GET /api/v1/version",
        503,
        "{\"type\":\"urn:openledger:problem:unavailable\",\"title\":\"Not ready\",\"status\":503,"
            + "\"detail\":\"the journal is being read\",\"next\":\"wait\"}");

    var refusal = catchThrowableOfType(MemberRefusal.class, client::version);

    assertThat(refusal.code()).isEqualTo("unavailable");
    assertThat(refusal.detail()).isEqualTo("the journal is being read");
    assertThat(refusal.next()).isEqualTo("wait");
    assertThat(member.questions).hasSize(3);
  }

  @Test
  void doesNotRepeatARefusal() {
    member.on("GET /api/v1/version", 403, "no");

    var refusal = catchThrowableOfType(MemberRefusal.class, client::version);

    assertThat(refusal.detail()).contains("403").contains("no");
    assertThat(member.questions).hasSize(1);
  }

  @Test
  void saysThatNothingListens() throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var settings = ClientSettings.of(URI.create("http://127.0.0.1:" + port), null);

    var nobody = OpenLedgerClient.connect(settings.withoutRetries());

    assertThatThrownBy(nobody::version)
        .isInstanceOf(MemberUnreachable.class)
        .hasMessageContaining("nothing listens");
  }

  @Test
  void repeatsASubmissionUnderTheSameKey() throws Exception {
    String taken = "{\"job\":\"%s\",\"state\":\"queued\",\"repeated\":false}".formatted(JOB);
    member.on("POST /api/v1/jobs", 503, "{}").on("POST /api/v1/jobs", 201, taken);

    var submitted = client.jobs().submit(JobFiles.hello(folder).spec());

    assertThat(submitted.job().value()).isEqualTo(JOB);
    assertThat(member.questions).extracting(q -> q.header("Idempotency-Key")).hasSize(2);
    assertThat(member.questions.get(0).header("Idempotency-Key"))
        .isNotEmpty()
        .isEqualTo(member.questions.get(1).header("Idempotency-Key"));
    assertThat(member.questions.get(0).body()).isEqualTo(member.questions.get(1).body());
  }

  @Test
  void walksAListPageByPage() {
    String query = "GET /api/v1/pools?limit=200";
    member.on(query, 200, page("a", "x/2")).on(query + "&cursor=x%2F2", 200, page("b", ""));

    assertThat(client.network().pools()).extracting(PoolSummary::name).containsExactly("a", "b");
  }

  @Test
  void noticesAListThatGoesRoundInACircle() {
    String query = "GET /api/v1/pools?limit=200";
    member.on(query, 200, page("a", "x")).on(query + "&cursor=x", 200, page("b", "x"));

    assertThatThrownBy(() -> client.network().pools().forEach(_ -> {}))
        .isInstanceOf(MalformedAnswer.class)
        .hasMessageContaining("circle");
  }

  @Test
  void filtersJobsByStateAndLabel() {
    member.on(
        "GET /api/v1/jobs?state=settled&label=example%3Dhello&limit=200",
        200, "{\"items\":[],\"cursor\":\"\"}");

    assertThat(client.jobs().list(JobState.SETTLED, Map.of("example", "hello"))).isEmpty();
  }

  @Test
  void refusesABlobWithOtherContentAndLeavesNoFile() {
    Digest digest = Digest.of(bytes("right"));
    member.on("GET /api/v1/blobs/" + digest, 200, Map.of(), bytes("wrong"));
    Path file = folder.resolve("blob");

    assertThatThrownBy(() -> client.blobs().get(digest, file))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("digest-mismatch");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void writesABlobThatIsRight() throws Exception {
    Digest digest = Digest.of(bytes("right"));
    member.on("GET /api/v1/blobs/" + digest, 200, Map.of(), bytes("right"));
    Path file = folder.resolve("blob");

    assertThat(client.blobs().get(digest, file)).isEqualTo(5);
    assertThat(file).hasContent("right");
    assertThat(client.blobs().get(digest)).isEqualTo(bytes("right"));
  }

  @Test
  void sendsNothingOfABlobThatIsTooLarge() throws Exception {
    Path file = folder.resolve("large");
    try (var sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(100_000_000);
    }

    assertThatThrownBy(() -> client.blobs().put(file))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("too-large")
        .hasMessageContaining("67108864");
    assertThat(member.questions).isEmpty();
  }

  @Test
  void refusesAnOutputThatIsNotTheNamedOne() {
    var tag = Map.of("ETag", "\"" + Digest.of(bytes("right")) + "\"");
    member.on("GET /api/v1/jobs/job-aaaaaa/output?task=0", 200, tag, bytes("wrong"));

    assertThatThrownBy(() -> client.jobs().output("job-aaaaaa", 0))
        .hasMessageContaining("digest-mismatch");
  }

  @Test
  void uploadsOnlyWhatTheMemberLacks() throws Exception {
    JobFile file = JobFiles.hello(folder);
    Digest module = Digest.of(bytes("module"));
    Digest input = Digest.of(bytes("input"));
    member
        .on("HEAD /api/v1/blobs/" + module, 200, Map.of(), new byte[0])
        .on("HEAD /api/v1/blobs/" + input, 404, Map.of(), new byte[0])
        .on("PUT /api/v1/blobs/" + input, 201, "{\"digest\":\"%s\",\"bytes\":5}".formatted(input));
    var sent = new ArrayList<String>();

    file.upload(client.blobs(), (path, needed) -> sent.add(path.getFileName() + " " + needed));

    assertThat(sent).containsExactlyInAnyOrder("module.wasm false", "input.txt true");
    assertThat(member.questions)
        .filteredOn(q -> q.line().startsWith("PUT"))
        .extracting(q -> new String(q.body(), java.nio.charset.StandardCharsets.UTF_8))
        .containsExactly("input");
  }

  @Test
  void followsEventsOverABrokenStream() {
    member
        .on("GET /api/v1/events", 200, Map.of(), event(7, "queued"))
        .on("GET /api/v1/events", 200, Map.of(), event(8, "settled"));
    List<Event> heard = new ArrayList<>();

    client
        .events()
        .follow(
            0,
            event -> {
              heard.add(event);
              return heard.size() < 2;
            });

    assertThat(heard).extracting(Event::state).containsExactly("queued", "settled");
    assertThat(member.questions.get(0).header("Last-Event-ID")).isEmpty();
    assertThat(member.questions.get(1).header("Last-Event-ID")).isEqualTo("7");
  }

  @Test
  void endsEventsThatBringNothing() {
    member.on("GET /api/v1/events", 200, Map.of(), bytes(": hello\n\n"));

    assertThatThrownBy(() -> client.events().follow(0, _ -> true))
        .isInstanceOf(MemberUnreachable.class);
    assertThat(member.questions).hasSize(3);
  }

  @Test
  void readsReadinessAlsoWhenItIsNo() {
    member.on(
        "GET /ready",
        503,
        "{\"ready\":false,\"checks\":[{\"name\":\"journal\",\"ok\":false,\"detail\":\"full\"}]}");

    assertThat(client.readiness().checks().getFirst().detail()).isEqualTo("full");
    assertThat(member.questions).hasSize(1);
  }

  @Test
  void asksToWaitInTheUnitThatFits() {
    member.on("GET /api/v1/jobs/job-aaaaaa?wait=1500ms", 404, "no");
    member.on("GET /api/v1/jobs/job-aaaaaa?wait=30s", 403, "no");

    assertThatThrownBy(() -> client.jobs().show("job-aaaaaa", Duration.ofMillis(1500)))
        .hasMessageContaining("404");
    assertThatThrownBy(() -> client.jobs().show("job-aaaaaa", Duration.ofSeconds(30)))
        .hasMessageContaining("403");
    assertThatThrownBy(() -> client.jobs().show("job-aaaaaa", Duration.ofMinutes(2)))
        .hasMessageContaining("wait");
  }

  @Test
  void refusesAnAddressThatIsNone() {
    assertThatThrownBy(() -> OpenLedgerClient.connect(URI.create("localhost:7400"), null))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("url");
  }

  private static byte[] event(long sequence, String state) {
    return bytes(
        "id: %d\nevent: job\ndata: {\"sequence\":%d,\"kind\":\"job\",\"id\":\"%s\",\"state\":\"%s\",\"atMillis\":5}\n\n"
            .formatted(sequence, sequence, JOB, state));
  }

  private static String page(String name, String cursor) {
    return """
    {"items":[{"id":"pool-%s","name":"%s","nodes":1,"slots":1,"leased":0,"queued":0}],"cursor":"%s"}\
    """
        .formatted("a".repeat(26), name, cursor);
  }
}

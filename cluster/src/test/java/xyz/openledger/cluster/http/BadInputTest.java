package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.cluster.http.RunningServer.SPEC;
import static xyz.openledger.cluster.http.RunningServer.post;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.cluster.http.RunningServer.Answer;
import xyz.openledger.protocol.JobId;

/** Whatever is wrong with a request, the answer says what, and nothing is half done. */
class BadInputTest {
  private static RunningServer member;

  @BeforeAll
  static void start() {
    member = new RunningServer();
  }

  @AfterAll
  static void stop() {
    member.close();
  }

  private static Answer submit(String body) {
    return member.send(post(member.request("/api/v1/jobs").header("Idempotency-Key", "bad"), body));
  }

  @ParameterizedTest(name = "{0} becomes {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          "name":"words"        | "name":"words","colour":1 | colour
          "reputationMin":0     | "reputationMin":20000     | policy.limits.reputationMin
          "reputationMin":0     | "reputationMin":"0"       | policy.limits.reputationMin
          "reputationMin":0     | "reputationMin":0.5       | policy.limits.reputationMin
          "reputationMin":0     | "reputationMin":null      | policy.limits.reputationMin
          "regions":[]          | "regions":"eu"            | policy.limits.regions
          "regions":[]          | "regions":[],"rainMax":1  | policy.limits.rainMax
          "fuelMax":"200000000" | "fuelMax":"-1"            | workload.fuelMax
          "fuelMax":"200000000" | "fuelMax":"1e9"           | workload.fuelMax
          "arguments":["es"]    | "arguments":[7]           | tasks[0].arguments[0]
          "method":"quorum"     | "method":"oracle"         | policy.verification.method
          "kind":"wasm"         | "kind":"container"        | workload
          "agreement":2         | "agreement":1             | policy.verification.parameters.agreement
          sha256:185f           | sha256:185F               | workload.module
          """)
  void aFieldThatIsWrongIsNamedByItsPath(String right, String wrong, String field) {
    assertThat(SPEC).contains(right);
    Answer answer = submit(SPEC.replace(right, wrong));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.refusal()).startsWith("invalid-request " + field);
    assertThat(answer.json().get("detail").textValue()).isNotBlank();
    assertThat(member.member.jobs).doesNotContainKey(JobId.of(RunningServer.DEMO, "bad"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "\"job\"", "7", "{} {}", "{\"name\":\"\u0000"})
  void whatIsNoJobIsRefused(String body) {
    Answer answer = submit(body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.refusal()).startsWith("invalid-request");
  }

  @Test
  void jsonThatIsTooDeepIsRefused() {
    assertThat(submit("{\"labels\":".repeat(5_000)).status()).isEqualTo(400);
    assertThat(submit("[".repeat(100_000)).status()).isEqualTo(400);
  }

  @Test
  void repeatedFieldsAreRefused() {
    Answer answer = submit(SPEC.replace("\"name\":\"words\"", "\"name\":\"a\",\"name\":\"b\""));

    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void moreTasksThanAllowedAreRefused() {
    String task =
        "{\"input\":\"sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"}";
    String tasks = "\"tasks\":[" + (task + ",").repeat(256) + task + "],\"policy\"";

    Answer answer = submit(SPEC.replaceAll("(?s)\"tasks\":.*\"policy\"", tasks));

    assertThat(answer.refusal()).isEqualTo("invalid-request tasks");
  }

  @Test
  void moreJobsThanAllowedAreRefused() {
    String item = "{\"idempotencyKey\":\"many\",\"spec\":" + SPEC + "}";
    String items = "[" + (item + ",").repeat(256) + item + "]";

    Answer answer = member.send(post(member.request("/api/v1/jobs:batch"), items));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("detail").textValue()).contains("1 to 256, is 257");
    assertThat(member.member.jobs).doesNotContainKey(JobId.of(RunningServer.DEMO, "many"));
  }

  @Test
  void oneBadItemNamesItsPlaceAndTakesNoneOfTheBatch() {
    String good = "{\"idempotencyKey\":\"good\",\"spec\":" + SPEC + "}";
    String bad = good.replace("\"reputationMin\":0", "\"reputationMin\":-1");

    Answer answer =
        member.send(post(member.request("/api/v1/jobs:batch"), "[" + good + "," + bad + "]"));

    assertThat(answer.refusal()).isEqualTo("invalid-request [1].spec.policy.limits.reputationMin");
    assertThat(member.member.jobs).doesNotContainKey(JobId.of(RunningServer.DEMO, "good"));
  }

  @Test
  void aJobWithoutAnIdempotencyKeyIsRefused() {
    Answer answer = member.send(post(member.request("/api/v1/jobs"), SPEC));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.refusal()).isEqualTo("invalid-request Idempotency-Key");
  }

  @Test
  void anIdempotencyKeyThatIsTooLongIsRefused() {
    Answer answer =
        member.send(
            post(member.request("/api/v1/jobs").header("Idempotency-Key", "k".repeat(201)), SPEC));

    assertThat(answer.refusal()).isEqualTo("invalid-request Idempotency-Key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/jobs/job-1",
        "/api/v1/jobs/job-abcde",
        "/api/v1/jobs/job-ABCDEFG",
        "/api/v1/jobs/job-u5xqnzl2fq7mhk3wodct6yrb48",
        "/api/v1/jobs/node-abcdefgh",
        "/api/v1/jobs/..%2f..%2fetc",
        "/api/v1/nodes/job-abcdefg",
        "/api/v1/pools/pool-",
        "/api/v1/blobs/sha256:12",
        "/api/v1/blobs/md5:0123",
        "/api/v1/accounts/Demo!",
        "/api/v1/jobs?limit=0",
        "/api/v1/jobs?limit=201",
        "/api/v1/jobs?limit=many",
        "/api/v1/jobs?limit=1&limit=2",
        "/api/v1/jobs?state=lost",
        "/api/v1/jobs?label=noseparator",
        "/api/v1/jobs?colour=red",
        "/api/v1/nodes?pool=home",
      })
  void malformedIdsAndParametersAreRefused(String path) {
    Answer answer = member.get(path);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.refusal()).matches("invalid-request [a-zA-Z]+");
  }

  @Test
  void aWaitThatIsTooLongIsRefused() {
    var job = member.submitted("wait");

    assertThat(member.get("/api/v1/jobs/" + job + "?wait=61s").refusal())
        .isEqualTo("invalid-request wait in milliseconds");
    assertThat(member.get("/api/v1/jobs/" + job + "?wait=soon").refusal())
        .isEqualTo("invalid-request wait");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThat(member.get("/api/v1/jobs/job-u5xqnzl2fq7mhk3wodct6yrb4e").refusal())
        .isEqualTo("not-found id");
    assertThat(member.get("/api/v1/jobs/job-zzzzzz").refusal()).isEqualTo("not-found id");
    assertThat(member.get("/api/v2/jobs").status()).isEqualTo(404);
    assertThat(member.get("/api/v1/jobs/").status()).isEqualTo(404);
  }

  @Test
  void anotherMethodIsToldWhichOnesThereAre() {
    Answer answer = member.send(member.request("/api/v1/jobs").DELETE());

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET, POST");
    assertThat(member.get("/api/v1/jobs/job-abcdefgh:cancel").header("Allow")).isEqualTo("POST");
  }

  @Test
  void bytesThatAreNotTheBlobAreRefusedAndNotKept() {
    String path =
        "/api/v1/blobs/sha256:185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969";

    Answer answer = member.send(member.request(path).PUT(BodyPublishers.ofString("hello")));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.refusal()).isEqualTo("digest-mismatch digest");
    assertThat(member.get(path).status()).isEqualTo(404);
    assertThat(member.directory.resolve("blobs/incoming")).isEmptyDirectory();
  }

  @Test
  void aBodyOfHundredMegabytesIsRefusedBeforeItIsRead() throws IOException {
    long length = 100_000_000;
    try (var socket = connected()) {
      head(socket, "POST /api/v1/blobs", "Content-Length: " + length);

      // Not one byte of the body has been sent.
      assertThat(answer(socket))
          .startsWith("HTTP/1.1 413 ")
          .contains("urn:openledger:problem:too-large");
    }
  }

  @Test
  void aClientThatSendsHundredMegabytesAnywayIsCutOff() throws Exception {
    for (String head : new String[] {"Content-Length: 100000000", "Transfer-Encoding: chunked"}) {
      var sent = new AtomicLong();
      Thread writer;
      try (var socket = connected()) {
        head(socket, "POST /api/v1/jobs", "Idempotency-Key: k\r\n" + head);
        writer = Thread.ofVirtual().start(() -> pour(socket, head.startsWith("T"), sent));
        assertThat(answer(socket)).startsWith("HTTP/1.1 413 ");
      }
      writer.join();
      assertThat(sent.get()).isLessThan(100_000_000);
    }
  }

  @Test
  void aRequestRefusedBeforeItsBodyHasComeLeavesTheConnectionToTheNext() throws IOException {
    String body = "{\"spare\":0}";
    try (var socket = connected()) {
      head(socket, "POST /api/v1/nowhere", "Content-Length: " + body.length());
      socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
      assertThat(answer(socket)).startsWith("HTTP/1.1 404 ").doesNotContain("Connection: close");

      head(socket, "GET /api/v1/nowhere", "X-Second: yes");
      assertThat(answer(socket)).startsWith("HTTP/1.1 404 ");
    }
  }

  private static Socket connected() throws IOException {
    var address = member.server.address();
    return new Socket(address.getAddress(), address.getPort());
  }

  private static void pour(Socket socket, boolean chunked, AtomicLong sent) {
    byte[] chunk = new byte[65_536];
    try {
      var out = socket.getOutputStream();
      while (sent.get() < 100_000_000) {
        if (chunked) {
          out.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write(chunk);
        if (chunked) {
          out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        sent.addAndGet(chunk.length);
      }
    } catch (IOException _) {
      // Cut off, as it should be.
    }
  }

  private static void head(Socket socket, String request, String headers) throws IOException {
    socket.setSoTimeout(20_000);
    socket
        .getOutputStream()
        .write(
            "%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n"
                .formatted(request, member.token, headers)
                .getBytes(StandardCharsets.US_ASCII));
  }

  /** All that the server says before it closes or the answer is complete. */
  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    var answer = new StringBuilder();
    byte[] chunk = new byte[8_192];
    try {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        answer.append(new String(chunk, 0, read, StandardCharsets.UTF_8));
        if (answer.indexOf("\r\n\r\n") >= 0 && answer.toString().endsWith("}")) {
          break;
        }
      }
    } catch (IOException reset) {
      if (answer.isEmpty()) {
        throw reset;
      }
    }
    return answer.toString();
  }

  @Test
  void headersThatAreTooLongAreRefusedAsAProblem() {
    Answer answer =
        member.send(member.request("/api/v1/version").header("X-Long", "x".repeat(9_000)));

    assertThat(answer.status()).isEqualTo(431);
    assertThat(answer.refusal()).isEqualTo("invalid-request");
  }

  @Test
  void anAddressThatIsTooLongIsRefusedAsAProblem() {
    Answer answer = member.get("/api/v1/jobs?cursor=" + "c".repeat(3_000));

    assertThat(answer.status()).isEqualTo(414);
    assertThat(answer.refusal()).isEqualTo("invalid-request");
  }

  @Test
  void withoutATokenNothingIsShown() {
    for (String authorization : new String[] {"", "Bearer olt1-guess", "Basic ZGVtbzpkZW1v"}) {
      var request = HttpRequest.newBuilder(member.uri("/api/v1/jobs"));
      if (!authorization.isEmpty()) {
        request.header("Authorization", authorization);
      }
      Answer answer = member.send(request);

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.refusal()).isEqualTo("unauthenticated Authorization");
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }
  }

  @Test
  void aNodesTokenReachesBlobsAloneAndForItsTime() {
    String good = member.nodeTokens.issue(FakeMember.NODE, Instant.now().plusSeconds(60));
    String late = member.nodeTokens.issue(FakeMember.NODE, Instant.now().minusSeconds(1));
    String forged = good.substring(0, good.length() - 2) + (good.endsWith("AA") ? "BB" : "AA");
    String blob = "/api/v1/blobs/sha256:" + "0".repeat(64);

    assertThat(member.send(member.request(blob, good)).status()).isEqualTo(404);
    assertThat(member.send(member.request(blob, late)).status()).isEqualTo(401);
    assertThat(member.send(member.request(blob, forged)).status()).isEqualTo(401);
    assertThat(member.send(member.request("/api/v1/jobs", good)).status()).isEqualTo(403);
  }
}

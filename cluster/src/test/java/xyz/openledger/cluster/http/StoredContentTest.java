package xyz.openledger.cluster.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.cluster.blob.BlobSettings;
import xyz.openledger.cluster.http.RunningServer.Answer;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.api.KeyLimits;

/** What callers leave in the blob store, and what goes again. */
class StoredContentTest {
  private static final int BLOCK = 4_096;
  private static final String LINE =
      "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
          + "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}}\n";

  private RunningServer member;

  @BeforeEach
  void start() {
    member =
        new RunningServer(
            Map.of(), new BlobSettings(1 << 20, 1 << 24, 1 << 20, 8 * BLOCK, 1 << 16));
  }

  @AfterEach
  void stop() {
    member.close();
  }

  private Answer post(String path, String token, String body) {
    return member.send(RunningServer.post(member.request(path, token), body));
  }

  private Answer ask(String token, int number) {
    return post(
        "/v1/chat/completions",
        token,
        "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"%d\"}]}"
            .formatted(number));
  }

  private Answer upload(String content) {
    String form =
        "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"q.jsonl\"\r\n\r\n"
            + content
            + "\r\n--b--\r\n";
    return member.send(
        RunningServer.post(
            member.request("/v1/files").header("Content-Type", "multipart/form-data; boundary=b"),
            form));
  }

  private void delete(String file) {
    assertThat(member.send(member.request("/v1/files/" + file).DELETE()).status()).isEqualTo(200);
  }

  private Answer put(String content, String token) {
    byte[] bytes = content.getBytes(UTF_8);
    return member.send(
        member
            .request("/api/v1/blobs/" + Digest.of(bytes), token)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)));
  }

  @Test
  void questionsThatAreRefusedLeaveNothing() {
    member.member.unpaid =
        new SubmitAnswer.Refused(
            Problem.INSUFFICIENT_BALANCE, "policy.limits.priceMaxNanoOpen", "holds nothing");
    for (int i = 0; i < 20; i++) {
      assertThat(ask(member.token, i).status()).isEqualTo(429);
    }
    Answer embedded =
        post("/v1/embeddings", member.token, "{\"model\":\"tiny\",\"input\":[\"a\",\"b\"]}");

    assertThat(embedded.status()).isEqualTo(429);
    await().untilAsserted(() -> assertThat(member.blobs.totalBytes()).isZero());
    assertThat(member.blobs.bytesOf(RunningServer.DEMO)).isZero();
  }

  @Test
  void questionsThatAKeyMayNotPayAreNotWrittenDown() {
    member.blobs.close();
    var limits = new KeyLimits(1L, null, null);
    var scopes = EnumSet.of(Scope.JOBS_WRITE, Scope.JOBS_READ);
    var poor = new Principal("poor", RunningServer.DEMO, scopes, limits);
    String token = member.tokens.issueOwn(poor).toCompletableFuture().join().token();

    assertThat(ask(token, 1).status()).as("a closed store would say 500").isEqualTo(429);
  }

  @Test
  void aTenantThatStoredAllItMayIsToldSoAndOthersGoOn() {
    for (int i = 0; i < 8; i++) {
      assertThat(put("blob " + i, member.token).status()).isEqualTo(201);
    }
    Answer refused = put("one more", member.token);
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.text()).contains("openledger.blobs.tenant-max", "delete files");
    assertThat(upload("{}").status()).isEqualTo(413);
    assertThat(ask(member.token, 1).status()).isEqualTo(413);
    assertThat(put("one more", member.otherToken).status()).isEqualTo(201);
    assertThat(ask(member.otherToken, 1).status()).isEqualTo(200);
  }

  @Test
  void filesThatAreUploadedAndDeletedForEverTakeNoRoom() {
    for (int i = 0; i < 20; i++) {
      Answer kept = upload("x".repeat(2 * BLOCK) + i);
      assertThat(kept.status()).as(kept.text()).isEqualTo(200);
      delete(kept.json().path("id").asText());
    }

    assertThat(member.blobs.totalBytes()).isZero();
    member.files.full = true;
    assertThat(upload("{}").status()).isEqualTo(413);
    await().untilAsserted(() -> assertThat(member.blobs.totalBytes()).isZero());
  }

  @Test
  void theContentOfADeletedFileStaysForItsOtherFileAndWhileABatchAsksIt() {
    member.member.chatsWait = true;
    String lines = LINE.formatted("a");
    Digest content = Digest.of(lines.getBytes(UTF_8));
    String first = upload(lines).json().path("id").asText();
    String second = upload(lines).json().path("id").asText();
    delete(first);
    assertThat(member.blobs.isHere(content)).as("another file has it").isTrue();
    Answer batch =
        post(
            "/v1/batches",
            member.token,
            "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}"
                .formatted(second));
    assertThat(batch.status()).as(batch.text()).isEqualTo(200);
    String id = batch.json().path("id").asText();
    delete(second);
    assertThat(member.blobs.isHere(content)).as("a batch asks it").isTrue();

    post("/v1/batches/" + id + "/cancel", member.token, "");
    await()
        .untilAsserted(() -> assertThat(member.blobs.isHere(content)).as("it is over").isFalse());
  }

  @Test
  void theContentOfADeletedFileStaysIfItWasAskedForAsABlob() {
    String text = "{\"a\":1}";
    String file = upload(text).json().path("id").asText();
    Digest content = Digest.of(text.getBytes(UTF_8));
    assertThat(member.get("/v1/files/" + file + "/content").text()).isEqualTo(text);
    assertThat(member.get("/api/v1/blobs/" + content).text()).isEqualTo(text);
    delete(file);

    assertThat(member.blobs.isHere(content)).isTrue();
  }
}

package xyz.openledger.cluster.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import xyz.openledger.cluster.http.RunningServer.Answer;

class UploadRoomTest {
  private static final int ROOM = 8;
  private static final int OF_ONE = ROOM - ROOM / 8;

  /** What stalls does so for longer than any of these tests. */
  private static final Map<String, ?> SETTINGS =
      Map.of("uploads-max", ROOM, "body-timeout", "5m", "upload-timeout", "10m");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void oneTenantsUploadsLeaveAnEighthToOthersAndItIsToldWhenToComeBack() throws Exception {
    try (var member = new RunningServer(SETTINGS)) {
      List<Socket> slow = slowUploads(member, member.token);

      Answer refused = upload(member, member.token);
      assertThat(refused.refusal()).isEqualTo("too-many-requests");
      assertThat(refused.header("Retry-After")).matches("[1-9][0-9]*");
      assertThat(refused.text()).contains("of this tenant");
      assertThat(file(member, member.token).status())
          .as("a file of the same tenant")
          .isEqualTo(429);
      assertThat(upload(member, member.otherToken).status()).isEqualTo(201);
      assertThat(file(member, member.otherToken).status()).isEqualTo(200);
      String node = member.nodeTokens.issue(FakeMember.NODE, Instant.now().plusSeconds(60));
      assertThat(upload(member, node).status()).as("a node").isEqualTo(201);

      for (Socket one : slow) {
        one.close();
      }
      await().atMost(PATIENCE).until(() -> upload(member, member.token).status() == 201);
    }
  }

  @Test
  void aNodeLeavesAnEighthToOthersToo() throws Exception {
    try (var member = new RunningServer(SETTINGS)) {
      String node = member.nodeTokens.issue(FakeMember.NODE, Instant.now().plusSeconds(60));
      List<Socket> slow = slowUploads(member, node);

      assertThat(upload(member, node).status()).isEqualTo(429);
      assertThat(upload(member, member.token).status()).isEqualTo(201);

      for (Socket one : slow) {
        one.close();
      }
    }
  }

  /** As many as one may have, each of which has its place, and stops in the middle. */
  private static List<Socket> slowUploads(RunningServer member, String token) throws IOException {
    var slow = new ArrayList<Socket>();
    for (int i = 0; i < OF_ONE; i++) {
      var socket = new Socket("127.0.0.1", member.server.address().getPort());
      String half =
          """
          POST /api/v1/blobs HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer %s\r
          Content-Type: application/octet-stream\r
          Content-Length: 1000000\r
          Expect: 100-continue\r
          \r
          """
              .formatted(token);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(half.getBytes(US_ASCII));
      var line = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      assertThat(line.readLine()).as("it is asked for its body").startsWith("HTTP/1.1 100 ");
      socket.getOutputStream().write("the beginning".getBytes(US_ASCII));
      slow.add(socket);
    }
    return slow;
  }

  private static Answer upload(RunningServer member, String token) {
    return member.send(RunningServer.post(member.request("/api/v1/blobs", token), "words"));
  }

  private static Answer file(RunningServer member, String token) {
    String form =
        """
        --x\r
        Content-Disposition: form-data; name="purpose"\r
        \r
        batch\r
        --x\r
        Content-Disposition: form-data; name="file"; filename="q.jsonl"\r
        \r
        {}\r
        --x--\r
        """;
    return member.send(
        member
            .request("/v1/files", token)
            .header("Content-Type", "multipart/form-data; boundary=x")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }
}

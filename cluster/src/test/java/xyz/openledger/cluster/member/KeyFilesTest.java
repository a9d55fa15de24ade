package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.actors.keys.ApiKey;
import xyz.openledger.actors.keys.ApiKeys;
import xyz.openledger.actors.keys.KeyMessage;
import xyz.openledger.actors.keys.KeyMessage.Standing;
import xyz.openledger.cluster.http.PrivateFiles;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.KeyLimits;

class KeyFilesTest {
  private static final TenantId DEMO = TenantId.parse("demo");
  private static final Digest TOKEN = Digest.of("olt1-secret".getBytes(StandardCharsets.UTF_8));
  private static final JobId JOB = JobId.of(DEMO, "one");

  @TempDir Path folder;

  private final ApiKeys keys = new ApiKeys();

  private final KeyFiles.Destination journal =
      new KeyFiles.Destination() {
        @Override
        public Optional<ApiKey> named(String name) {
          return keys.of(DEMO).stream()
              .map(Standing::key)
              .filter(key -> key.name().equals(name))
              .findFirst();
        }

        @Override
        public CompletionStage<ApiKey> move(ApiKey key, KeyMessage.Spending spent) {
          keys.move(key, spent.spentNanoOpen(), spent.running(), 1).forEach(keys::apply);
          return CompletableFuture.completedStage(key);
        }
      };

  /** As an earlier release wrote them. */
  @BeforeEach
  void write() throws IOException {
    String tokens =
        """
        {"version":1,"tokens":[{"name":"laptop","tenant":"demo","scopes":["jobs:read"],
         "digest":"%s","limits":{"spendCapNanoOpen":"100"}}]}
        """
            .formatted(TOKEN);
    PrivateFiles.write(folder.resolve("tokens.json"), tokens.getBytes(StandardCharsets.UTF_8));
    String spent =
        "{\"version\":1,\"spentNanoOpen\":\"30\",\"running\":[{\"job\":\"%s\",\"mostNanoOpen\":\"60\"}]}"
            .formatted(JOB);
    String name =
        Digest.of("laptop".getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32) + ".json";
    PrivateFiles.write(
        folder.resolve("spending").resolve(name), spent.getBytes(StandardCharsets.UTF_8));
  }

  private KeyFiles here() throws IOException {
    return new KeyFiles(folder, "here", SessionKeys.open(folder));
  }

  @Test
  void areMovedWithWhatWasSpentAndNotTwice() throws IOException {
    here().move(journal);
    here().move(journal);

    var key = new ApiKey("laptop", DEMO, Set.of("jobs:read"), TOKEN, limits(), "here");
    assertThat(keys.of(DEMO)).containsExactly(new Standing(key, 30, 60));
    assertThat(folder.resolve("tokens.json")).doesNotExist();
    assertThat(folder.resolve("tokens.json.moved")).exists();
    new KeyFiles(Path.of("missing"), "here", SessionKeys.open(folder)).move(journal);
  }

  @Test
  void ofANameThatAnotherMembersKeyHasGetTheBeginningOfTheirHash() throws IOException {
    var other = new ApiKey("laptop", DEMO, Set.of("admin"), Digest.of(), KeyLimits.NONE, "there");
    keys.issue(other, true, 1).forEach(keys::apply);
    var session = SessionKeys.open(folder).make(DEMO, "laptop", _ -> true);
    var another = SessionKeys.open(folder).make(DEMO, "phone", _ -> true);

    here().move(journal);
    here().move(journal);

    String renamed = "laptop-" + TOKEN.hex().substring(0, 8);
    assertThat(keys.of(DEMO))
        .extracting(standing -> standing.key().name())
        .isEqualTo(List.of("laptop", renamed));
    var sessions = SessionKeys.open(folder);
    assertThat(sessions.of(DEMO, renamed)).extracting(e -> e.key()).containsExactly(session.key());
    assertThat(sessions.of(DEMO, "laptop")).as("it is another member's").isEmpty();
    assertThat(sessions.of(DEMO, "phone")).containsExactly(another);
  }

  @Test
  void thatOthersMayReadAreRefused() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("tokens.json"), PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> here().move(journal))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600");
  }

  private static KeyLimits limits() {
    return new KeyLimits(100L, null, null);
  }
}

package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.TenantId;

class TokensTest {
  private static final TenantId DEMO = TenantId.parse("demo");
  private static final EnumSet<Scope> READ = EnumSet.of(Scope.JOBS_READ);

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("keys/tokens.json");
  }

  @Test
  void areKnownAfterARestartAndKeptAsHashesThatOnlyTheOwnerReads() throws IOException {
    String token = Tokens.open(file()).issue("laptop", DEMO, READ);

    assertThat(Tokens.open(file()).find(token)).hasValue(new Principal("laptop", DEMO, READ));
    assertThat(Files.readString(file())).doesNotContain(token.substring(Tokens.PREFIX.length()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void endWhenRevokedOrIssuedAnewUnderTheirName() throws IOException {
    var tokens = Tokens.open(file());
    String first = tokens.issue("laptop", DEMO, READ);
    String second = tokens.issue("laptop", DEMO, READ);

    assertThat(tokens.find(first)).isEmpty();
    assertThat(tokens.find(second)).isPresent();
    assertThat(tokens.revoke("laptop")).isTrue();
    assertThat(tokens.revoke("laptop")).isFalse();
    assertThat(Tokens.open(file()).find(second)).isEmpty();
  }

  @Test
  void inAFileThatOthersMayReadAreRefused() throws IOException {
    Tokens.open(file()).issue("laptop", DEMO, READ);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> Tokens.open(file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void ofNodesEndInTimeAndCannotBeStretchedOrMovedToAnotherNode() throws IOException {
    var tokens = NodeTokens.open(directory.resolve("blob-token.key"));
    var now = Instant.ofEpochSecond(1_800_000_000);
    String token = tokens.issue(FakeMember.NODE, now.plusSeconds(60));

    assertThat(NodeTokens.open(directory.resolve("blob-token.key")).find(token, now)).isPresent();
    assertThat(tokens.find(token, now.plusSeconds(60))).isEmpty();
    assertThat(tokens.find(token.replace("1800000060", "1800009999"), now)).isEmpty();
    assertThat(tokens.find(token.replace(FakeMember.NODE.value(), "node-" + "a".repeat(26)), now))
        .isEmpty();
    assertThat(new NodeTokens(new byte[32]).find(token, now)).isEmpty();
  }
}

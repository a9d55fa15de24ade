package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
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

  private final FakeKeys keys = new FakeKeys();
  private final Tokens tokens = new Tokens(keys, "member-1");

  private static String own(Tokens at, String name) {
    return at.issueOwn(new Principal(name, DEMO, READ)).toCompletableFuture().join().token();
  }

  @Test
  void areKnownByTheirHashAlone() {
    String token = own(tokens, "laptop");

    assertThat(tokens.find(token)).hasValue(new Principal("laptop", DEMO, READ));
    assertThat(tokens.find(token + "x")).isEmpty();
    assertThat(keys.kept()).doesNotContain(token.substring(Tokens.PREFIX.length()));
  }

  @Test
  void thatAMemberIssuesForItselfReplaceItsOwnAndNoOthers() {
    String first = own(tokens, "development");
    String second = own(tokens, "development");

    assertThat(tokens.find(first)).isEmpty();
    assertThat(tokens.find(second)).isPresent();
    assertThatThrownBy(() -> own(new Tokens(keys, "member-2"), "development"))
        .hasMessageContaining("there is a key development already");
    assertThat(tokens.find(second)).isPresent();
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

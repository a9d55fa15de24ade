package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.configuration.MemberFile;
import xyz.openledger.protocol.TenantId;

class MemberTest {
  private static final String POOLS = "GET /api/v1/pools?limit=200";

  @TempDir Path folder;
  private final CannedMember member = new CannedMember();
  private final CannedMember other = new CannedMember();

  @BeforeEach
  void start() throws Exception {
    for (CannedMember each : new CannedMember[] {member, other}) {
      each.on(POOLS, 200, "{\"items\":[],\"cursor\":\"\"}");
      each.on(
          "GET /api/v1/accounts/demo",
          200,
          "{\"tenant\":\"demo\",\"availableNanoOpen\":\"1\",\"heldNanoOpen\":\"0\",\"withdrawingNanoOpen\":\"0\"}");
    }
    Path data = folder.resolve(".openledger");
    new MemberFile(member.url(), "keys/token", new TenantId("demo"), null, null).write(data);
    secret(data.resolve("keys/token"), "olt1-local\n");
  }

  @AfterEach
  void stop() {
    member.close();
    other.close();
  }

  @Test
  void isFoundThroughTheDataDirectory() {
    assertThat(new TestShell(folder).run("pool", "list").exitCode()).isZero();
    assertThat(member.questions.getFirst().authorization()).isEqualTo("Bearer olt1-local");
  }

  @Test
  void getsNoTokenThatWasMeantForAnother() {
    new TestShell(folder).run("pool", "list", "--url", other.url().toString());

    assertThat(other.questions.getFirst().authorization()).isEmpty();
  }

  @Test
  void isTheOneOfTheFlagBeforeTheOneOfTheEnvironment() throws Exception {
    secret(folder.resolve("mine"), "olt1-mine");
    var shell = TestShell.of(folder, member);

    shell.run("pool", "list", "--url", other.url().toString(), "--token-file", "mine");
    shell.run("pool", "list");

    assertThat(other.questions.getFirst().authorization()).isEqualTo("Bearer olt1-mine");
    assertThat(member.questions.getFirst().authorization()).isEqualTo("Bearer olt1-test");
  }

  @Test
  void saysWhoseAccountWasMeant() {
    assertThat(new TestShell(folder).run("account", "show").out())
        .contains("demo", "0.000000001 OPEN");
  }

  @Test
  void refusesATokenThatOthersCanRead() throws Exception {
    Path open = Files.writeString(folder.resolve("open"), "olt1-open");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));

    var result = new TestShell(folder).run("pool", "list", "--token-file", "open");

    assertThat(result.err()).contains("read by others").contains("chmod 600 " + open);
    assertThat(member.questions).isEmpty();
  }

  @Test
  void isTheUsualOneWhereNothingIsSaid(@TempDir Path empty) {
    var shell = new TestShell(empty);

    var member =
        new Member(
            shell.shell(new java.io.ByteArrayOutputStream(), new java.io.ByteArrayOutputStream()));

    assertThat(member.url()).isEqualTo(URI.create("http://127.0.0.1:7400"));
  }

  private static void secret(Path file, String text) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}

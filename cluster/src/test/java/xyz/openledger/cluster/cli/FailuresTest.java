package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
  private static final String POOLS = "GET /api/v1/pools?limit=200";

  @TempDir Path folder;
  private final CannedMember member = new CannedMember();

  @AfterEach
  void stop() {
    member.close();
  }

  @Test
  void areToldInThreeLinesOnStandardErrorAlone() {
    member.refuse(
        POOLS,
        403,
        "forbidden",
        "needs nodes:read",
        "\"field\":\"Authorization\",\"next\":\"use another token\"");

    var result = TestShell.of(folder, member).run("pool", "list");

    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            """
            error: Title of forbidden: needs nodes:read
            field: Authorization
            try:   use another token
            """);
    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid-request, 2",
    "401, unauthenticated, 1",
    "402, insufficient-balance, 1",
    "404, not-found, 1",
    "409, idempotency-conflict, 1",
    "422, unsatisfiable-policy, 3",
    "409, invented-tomorrow, 1"
  })
  void haveAnExitCodeForEachProblem(int status, String code, int exitCode) {
    member.refuse(POOLS, status, code, "so it is", "");

    var result = TestShell.of(folder, member).run("pool", "list");

    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(result.err()).contains("so it is").contains("try:   ");
  }

  @Test
  void nameTheCandidatesOfAnAmbiguousPrefix() {
    member.refuse(
        "GET /api/v1/jobs/job-aaaaaa",
        409,
        "ambiguous-id",
        "job-aaaaaa fits 2 jobs",
        "\"candidates\":[\"job-aaaaaa22\",\"job-aaaaaa33\"],\"next\":\"more letters\"");

    var result = TestShell.of(folder, member).run("job", "show", "job-aaaaaa");

    assertThat(result.err()).contains("try:   one of job-aaaaaa22, job-aaaaaa33");
  }

  @Test
  void tellAnUnreachableMemberApart() throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }

    var result = new TestShell(folder).run("pool", "list", "--url", "http://127.0.0.1:" + port);

    assertThat(result.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(result.err()).contains("nothing listens there").contains("openledger dev");
  }

  @Test
  void tellAnotherProgramApart() {
    member.on(POOLS, 200, "<html>hello</html>");

    var result = TestShell.of(folder, member).run("pool", "list");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("no member of this release");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jbo                                  | command 'jbo'
          job submti x                         | command 'submti'
          job                                  | Missing required subcommand
          job show                             | JOB
          job list --stat settled              | openledger job list --state
          job list --state cooked              | expected one of queued
          job list -o xml                      | neither table nor json
          job output job-aaaaaa --task 256     | must be 0 to 255
          job output job-aaaaaa --task one     | 'one' is not an int
          job show job-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | 30 characters
          job list --label novalue             | KEY=VALUE
          job submit absent.json               | there is no file
          job submit absent.json --idempotency-key  | idempotency-key
          blob put absent                      | there is no file
          blob get sha256:12                   | 64 lower-case hex digits
          task check absent.wasm               | there is no file
          account show                         | --tenant
          account withdraw 1.0000000001 --to 0x00 | at most 9 decimals
          account withdraw -1 --to 0x00        | -1
          account withdraw 99999999999 --to 0x00 | no amount
          account withdraw 1 --to 0x00 --tenant t | 40 hex digits
          account withdraw 1 --tenant t        | --to
          account deposit 0 --tenant t         | above 0
          earnings claim 0x12                  | 40 hex digits
          config show --set openledger.htpp=1  | no such setting
          pool list --url localhost            | expected http://
          pool list --token-file absent        | token cannot be read
          """)
  void ofTypingAreUsageAndSayWhatIsRight(String line, String expected) {
    var result = TestShell.of(folder, member).run(line.strip().split(" +"));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).startsWith("error: ").contains(expected).contains("try:   ");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void areColouredForAPersonUnlessColourIsUnwelcome() {
    member.refuse(POOLS, 404, "not-found", "gone", "");

    assertThat(TestShell.of(folder, member).watched().run("pool", "list").err())
        .contains("\u001b[");
    assertThat(
            TestShell.of(folder, member).watched().set("NO_COLOR", "1").run("pool", "list").err())
        .doesNotContain("\u001b[");
    assertThat(TestShell.of(folder, member).run("pool", "list").err()).doesNotContain("\u001b[");
  }

  @Test
  void cannotMoveTheCursorByWhatAMemberSays() {
    member.refuse(POOLS, 404, "not-found", "gone\\u001b[2J", "");

    assertThat(TestShell.of(folder, member).run("pool", "list").err()).doesNotContain("\u001b");
  }
}

package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolQuotaCommandTest {
  private static final String POOL = "pool-abcdefghijklmnopqrstuvwxya";
  private static final String DETAIL =
      """
      {"pool": {"id": "%s", "name": "hearth", "nodes": 1, "slots": 4, "leased": 1, "queued": 0},
       "terms": {"scoreMargin": 1, "explorationBasisPoints": 1, "queueMax": 9, "nodesOutside": 0,
                 "clearingMillis": 5000},
       "members": [],
       "quotas": [%s]}
      """;
  private static final String ADA =
      "{\"tenant\": \"ada\", \"guaranteed\": 8, \"max\": 12, \"lend\": 4, \"weight\": 1, \"used\":"
          + " 3}";

  private static final String OTHERS =
      "{\"guaranteed\": 8, \"max\": 12, \"lend\": 4, \"weight\": 1, \"used\": 3}";

  private final CannedMember member = new CannedMember();

  @AfterEach
  void stop() {
    member.close();
  }

  @Test
  void setsWhatATenantMayUseBorrowAndLend() {
    member.on("POST /api/v1/pools/" + POOL + ":quota", 200, DETAIL.formatted(POOL, ADA));

    var result =
        run("pool", "quota", "set", POOL, "ada", "--guaranteed", "8", "--max", "12", "--lend", "4");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(member.questions.getFirst().body())
        .contains("\"tenant\":\"ada\"", "\"guaranteed\":8", "\"max\":12", "\"lend\":4");
    assertThat(result.out())
        .contains("ada", "8", "12", "4", "3")
        .contains("others have no limit")
        .contains("guaranteed are 8 slots; the pool has 4 now");
  }

  @Test
  void takesAQuotaAwayFromAllWhoHaveNoneOfTheirOwn() {
    member.on("POST /api/v1/pools/" + POOL + ":quota", 200, DETAIL.formatted(POOL, ""));

    member.on("GET /api/v1/pools/" + POOL, 200, DETAIL.formatted(POOL, OTHERS));

    var result = run("pool", "quota", "remove", POOL, "others");

    assertThat(member.questions.getLast().body()).isEqualTo("{}");
    assertThat(result.out()).isEqualTo("no quotas: every tenant may use every slot\n");
  }

  @Test
  void saysThatThereIsNoneToTakeAway() {
    member.on("GET /api/v1/pools/" + POOL, 200, DETAIL.formatted(POOL, ADA));

    var result = run("pool", "quota", "remove", POOL, "bob");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("pool hearth has no quota of bob; nothing was removed");
    assertThat(member.questions).hasSize(1);
  }

  @Test
  void refusesAQuotaThatLendsMoreThanItHasBeforeItIsSent() {
    var result = run("pool", "quota", "set", POOL, "ada", "--guaranteed", "2", "--lend", "3");

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.err()).contains("lend").contains("must be 0 to 2, is 3");
    assertThat(member.questions).isEmpty();
  }

  @Test
  void showsQuotasWithTheirPool() {
    member.on("GET /api/v1/pools/" + POOL, 200, DETAIL.formatted(POOL, ADA));

    assertThat(run("pool", "show", POOL).out()).contains("GUARANTEED").contains("ada");
  }

  private TestShell.Result run(String... arguments) {
    return TestShell.of(Path.of(""), member).run(arguments);
  }
}

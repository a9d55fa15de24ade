package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.keys.ApiKeys;
import xyz.openledger.cluster.http.RunningServer.Answer;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.KeyLimits;
import xyz.openledger.protocol.json.Json;

class KeyRoutesTest {
  private static final String KEYS = "/api/v1/accounts/demo/keys";
  private static final String SCOPES = "\"scopes\":[\"jobs:read\",\"jobs:write\"]";

  private final RunningServer member = new RunningServer();

  @AfterEach
  void stop() {
    member.close();
  }

  private Answer issue(String bearer, String body) {
    return member.send(RunningServer.post(member.request(KEYS, bearer), body));
  }

  private String issued(String name, String limits) {
    Answer answer =
        issue(member.token, "{\"name\":\"%s\",%s,\"limits\":{%s}}".formatted(name, SCOPES, limits));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json().get("token").textValue();
  }

  private Answer submit(String bearer, String key) {
    var request = member.request("/api/v1/jobs", bearer).header("Idempotency-Key", key);
    return member.send(RunningServer.post(request, RunningServer.SPEC));
  }

  @Test
  void aKeyWorksUntilItIsRevokedAndIsShownOnceAndKeptAsAHash() {
    String token = issued("laptop", "");

    assertThat(member.send(member.request("/api/v1/jobs", token)).status()).isEqualTo(200);
    Answer listed = member.get(KEYS);
    assertThat(listed.text()).contains("laptop").doesNotContain(token);
    assertThat(member.keys.kept())
        .contains("laptop")
        .doesNotContain(token.substring(Tokens.PREFIX.length()));

    Answer left = member.send(member.request(KEYS + "/laptop").DELETE());

    assertThat(left.text()).doesNotContain("laptop");
    assertThat(member.send(member.request("/api/v1/jobs", token)).status()).isEqualTo(401);
    assertThat(issued("laptop", "")).isNotEqualTo(token);
  }

  @Test
  void aKeyHasNoScopeThatItsIssuerHasNotAndALimitedOneIssuesNone() {
    String weak = member.issue("weak", RunningServer.DEMO, EnumSet.of(Scope.ACCOUNTS_WRITE));

    assertThat(issue(weak, "{\"name\":\"x\"," + SCOPES + "}").refusal())
        .isEqualTo("forbidden scopes");
    assertThat(issue(member.token, "{\"name\":\"x\",\"scopes\":[\"admin\"]}").refusal())
        .isEqualTo("forbidden scopes");
    String limited =
        issue(
                member.token,
                "{\"name\":\"l\",\"scopes\":[\"accounts:write\",\"jobs:write\",\"jobs:read\"],"
                    + "\"limits\":{\"requestsPerMinuteMax\":1000}}")
            .json()
            .get("token")
            .textValue();
    assertThat(issue(limited, "{\"name\":\"y\"," + SCOPES + "}").refusal()).isEqualTo("forbidden");
  }

  @Test
  void aNameIsTakenForEveryoneAndAnotherTenantsKeysAreOutOfReach() {
    assertThat(issue(member.token, "{\"name\":\"other\"," + SCOPES + "}").refusal())
        .isEqualTo("wrong-state name");
    assertThat(member.send(member.request(KEYS + "/other").DELETE()).status()).isEqualTo(200);
    assertThat(member.send(member.request("/api/v1/jobs", member.otherToken)).status())
        .isEqualTo(200);
    assertThat(issue(member.otherToken, "{\"name\":\"x\"," + SCOPES + "}").status()).isEqualTo(404);
    assertThat(issue(member.token, "{\"name\":\"a b\"," + SCOPES + "}").refusal())
        .isEqualTo("invalid-request name");
  }

  @Test
  void aTenantIssuesSoManyKeysAndNoMore() {
    int issued = member.get(KEYS).json().size();
    for (int i = issued; i < ApiKeys.OF_TENANT_MAX; i++) {
      issued("k" + i, "");
    }

    assertThat(issue(member.token, "{\"name\":\"more\"," + SCOPES + "}").refusal())
        .isEqualTo("too-large name");
  }

  @Test
  void aSpendCapCountsWhatRunsAtItsPriceLimitAndWhatIsOverByWhatItCost() {
    long most = Json.read(RunningServer.SPEC, JobSpec.class).policy().limits().priceMaxNanoOpen();
    String token = issued("capped", "\"spendCapNanoOpen\":\"%d\"".formatted(2 * most));

    assertThat(submit(token, "one").status()).isEqualTo(201);
    assertThat(submit(token, "one").status()).as("a repeat is not counted").isEqualTo(200);
    assertThat(submit(token, "two").status()).isEqualTo(201);
    assertThat(submit(token, "three").refusal())
        .isEqualTo("insufficient-balance policy.limits.priceMaxNanoOpen");
    assertThat(submit(member.token, "three").status()).as("another key").isEqualTo(201);
    assertThat(submit(token, "three").status())
        .as("the same job, which it pays not")
        .isEqualTo(200);

    JobId one = JobId.of(RunningServer.DEMO, "one");
    member.member.become(one, JobState.SETTLED);
    long cost = member.member.jobs.get(one).chargedNanoOpen();
    assertThat(cost).isLessThan(most);
    JsonNode capped = key("capped");

    assertThat(capped.get("spentNanoOpen").asLong()).isEqualTo(cost);
    assertThat(capped.get("runningNanoOpen").asLong()).isEqualTo(most);
    int status = submit(token, "four").status();
    assertThat(status).isEqualTo(cost == 0 ? 201 : 402);
    member.member.become(JobId.of(RunningServer.DEMO, "two"), JobState.CANCELLED);
    assertThat(submit(token, "five").status()).as("room was made").isEqualTo(201);
    assertThat(
            member
                .send(
                    RunningServer.post(
                        member.request("/api/v1/accounts/demo/sessions", token), "{}"))
                .status())
        .isEqualTo(403);
  }

  @Test
  void aRefusedJobIsNotCountedAgainstACap() {
    String token = issued("capped", "\"spendCapNanoOpen\":\"900000000000000000\"");
    String dear =
        RunningServer.SPEC.replaceAll(
            "\"priceMaxNanoOpen\":\\s*\"[0-9]+\"", "\"priceMaxNanoOpen\":\"1000000000001\"");
    assertThat(dear).isNotEqualTo(RunningServer.SPEC);
    var request = member.request("/api/v1/jobs", token).header("Idempotency-Key", "dear");

    assertThat(member.send(RunningServer.post(request, dear)).status()).isEqualTo(402);

    assertThat(key("capped").get("runningNanoOpen").asLong()).isZero();
  }

  @Test
  void aDearJobUnderTheKeyOfACheapOneThatIsRefusedCountsAtItsOwnPrice() {
    long most = Json.read(RunningServer.SPEC, JobSpec.class).policy().limits().priceMaxNanoOpen();
    String enough = issued("enough", "\"spendCapNanoOpen\":\"%d\"".formatted(most));
    String less = issued("less", "\"spendCapNanoOpen\":\"%d\"".formatted(most - 1));
    String cheap =
        RunningServer.SPEC
            .replace("\"words\",\"labels\"", "\"%s\",\"labels\"".formatted(FakeMember.REFUSED))
            .replace("\"500000000\"", "\"1\"");
    String batch =
        "[{\"idempotencyKey\":\"K\",\"spec\":%s},{\"idempotencyKey\":\"K\",\"spec\":%s}]"
            .formatted(cheap, RunningServer.SPEC);

    JsonNode dear = batch(less, batch).get(1);

    assertThat(dear.path("problem").path("status").asInt()).isEqualTo(402);
    assertThat(key("less").get("runningNanoOpen").asLong()).isZero();
    assertThat(batch(enough, batch).get(1).has("submitted")).isTrue();
    assertThat(key("enough").get("runningNanoOpen").asLong()).isEqualTo(most);
    assertThat(submit(enough, "another").status()).isEqualTo(402);
  }

  private JsonNode batch(String bearer, String body) {
    return member
        .send(RunningServer.post(member.request("/api/v1/jobs:batch", bearer), body))
        .json()
        .get("items");
  }

  @Test
  void embeddingsCountAgainstACapToo() {
    String token = issued("capped", "\"spendCapNanoOpen\":\"1\"");
    String body = "{\"model\":\"tiny\",\"input\":\"a\"}";

    Answer refused = member.send(RunningServer.post(member.request("/v1/embeddings", token), body));

    assertThat(refused.status()).as(refused.text()).isEqualTo(429);
    assertThat(member.member.jobs).isEmpty();
    assertThat(member.send(RunningServer.post(member.request("/v1/embeddings"), body)).status())
        .as("a key without a cap")
        .isEqualTo(200);
  }

  @Test
  void aKeyMayCallSoOftenInAMinuteAndEndsByItself() {
    var rates = new Rates();
    var limits = new KeyLimits(null, 2, 5_000_000L);
    var key = new Principal("k", RunningServer.DEMO, Set.of(Scope.JOBS_READ), limits);
    rates.count(key, 60_000);
    rates.count(key, 61_000);

    assertThatThrownBy(() -> rates.count(key, 119_999))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("2 times a minute");
    rates.count(key, 120_000);
    assertThat(key.isOver(4_999_999)).isFalse();
    assertThat(key.isOver(5_000_000)).isTrue();
  }

  private JsonNode key(String name) {
    for (JsonNode each : member.get(KEYS).json()) {
      if (each.get("name").textValue().equals(name)) {
        return each;
      }
    }
    throw new AssertionError("no key " + name);
  }
}

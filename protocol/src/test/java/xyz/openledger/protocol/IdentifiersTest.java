package xyz.openledger.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.json.Json;

class IdentifiersTest {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final JobId JOB = JobId.of(new TenantId("ada"), "first");

  @Test
  void aRepeatOfTheSameTenantAndKeyIsTheSameJob() {
    assertThat(JobId.of(new TenantId("ada"), "first")).isEqualTo(JOB);
    assertThat(JobId.of(new TenantId("ada"), "second")).isNotEqualTo(JOB);
    assertThat(JobId.of(new TenantId("bob"), "first")).isNotEqualTo(JOB);
    assertThat(JobId.of(new TenantId("a"), "dafirst")).isNotEqualTo(JOB);
  }

  @Test
  void theSixteenBytesAreTheLettersInBaseThirtyTwo() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] key = new byte[32];
      random.nextBytes(key);
      var node = NodeId.of(key);
      // 16 bytes are 128 bits, 26 letters 130: two zero bits are added at the end.
      var number = new BigInteger(1, node.bytes()).shiftLeft(2);
      var letters = new StringBuilder();
      for (int at = 0; at < 26; at++) {
        letters.append(LETTERS.charAt(number.shiftRight(5 * (25 - at)).intValue() & 31));
      }
      assertThat(node.value()).isEqualTo("node-" + letters);
      assertThat(NodeId.parse(node.toString())).isEqualTo(node);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "%s-",
        "%s-aaaaaaaaaaaaaaaaaaaaaaaaa",
        "%s-aaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "%s-AAAAAAAAAAAAAAAAAAAAAAAAAA",
        "%s-aaaaaaaaaaaaaaaaaaaaaaaaa1",
        "%s-aaaaaaaaaaaaaaaaaaaaaaaaa0",
        "%s-aaaaaaaaaaaaaaaaaaaaaaaaab",
        "%s-aaaaaaaaaaaaaaaaaaaaaaaaa=",
        "%saaaaaaaaaaaaaaaaaaaaaaaaaaa",
        " %s-aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "%s-aaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        "other-aaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void anythingElseIsRefused(String form) {
    assertThat(NodeId.parse("node-aaaaaaaaaaaaaaaaaaaaaaaaaa").bytes()).isEqualTo(new byte[16]);
    assertRefused(form.replace("%s", "node"), NodeId::parse);
    assertRefused(form.replace("%s", "job"), JobId::parse);
    assertRefused(form.replace("%s", "pool"), PoolId::parse);
  }

  @Test
  void tasksAndReplicasAreWrittenUnderTheirJob() {
    var task = new TaskId(JOB, 3);
    var replica = new ReplicaId(task, 2);

    assertThat(task).hasToString(JOB + "/3");
    assertThat(replica).hasToString(JOB + "/3/r2");
    assertThat(TaskId.parse(task.toString())).isEqualTo(task);
    assertThat(ReplicaId.parse(replica.toString())).isEqualTo(replica);
    assertThat(replica.job()).isEqualTo(JOB);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/-1",
        "/+1",
        "/01",
        "/1.0",
        "/256",
        "/4294967297",
        "/ 1",
        "/1 ",
        "/1/",
        "/1/2",
        "/١",
        "/1/r",
        "/1/r-1",
        "/1/r01",
        "/1/r1000",
        "/1/2/r1",
        "/1/R1",
        "/1/r1/r1",
        "1/r1"
      })
  void otherTasksAndReplicasAreRefused(String end) {
    assertRefused(JOB + end, TaskId::parse);
    assertRefused(JOB + end, ReplicaId::parse);
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new TaskId(JOB, -1)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> new TaskId(JOB, 256)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> new ReplicaId(new TaskId(JOB, 0), -1))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> new ReplicaId(new TaskId(JOB, 0), 1_000))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void theyTravelAsText() {
    var replica = new ReplicaId(new TaskId(JOB, 3), 2);

    assertThat(new String(Json.canonical(replica), UTF_8)).isEqualTo("\"" + replica + "\"");
    assertThat(Json.read("\"" + replica + "\"", ReplicaId.class)).isEqualTo(replica);
    assertThatThrownBy(() -> Json.read("{\"value\":\"" + JOB + "\"}", JobId.class))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("expected text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Ada", "1a", "-a", "a_b", "a b", "ä"})
  void tenantsHavePlainNames(String name) {
    assertThat(new TenantId("a-1").value()).isEqualTo("a-1");
    assertRefused(name, TenantId::parse);
    assertRefused("a".repeat(64), TenantId::parse);
  }

  @Test
  void anAddressIsFoldedToLowerCase() {
    var address = Address.parse("0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266");

    assertThat(address).hasToString("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    assertThat(Address.of(address.bytes())).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0x",
        "f39fd6e51aad88f6f4ce6ab8827279cfffb92266",
        "0xf39fd6e51aad88f6f4ce6ab8827279cfffb9226",
        "0xf39fd6e51aad88f6f4ce6ab8827279cfffb922666",
        "0xg39fd6e51aad88f6f4ce6ab8827279cfffb92266"
      })
  void anythingElseIsNoAddress(String text) {
    assertRefused(text, Address::parse);
  }

  private static void assertRefused(String text, Function<String, ?> parse) {
    assertThatThrownBy(() -> parse.apply(text))
        .as("%s", text)
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem()).isEqualTo(Problem.INVALID_REQUEST));
  }
}

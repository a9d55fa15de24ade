package xyz.openledger.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.json.Json;

/** Which workloads, methods and ways of scheduling go together. */
class JobSpecTest {
  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  private static JobSpec toploc(long memoryMaxBytes) {
    return read(
        """
        {"kind":"inference","model":"%s","fuelMax":"9","memoryMaxBytes":%d,"outputMaxBytes":65536}
        """
            .formatted(DIGEST, memoryMaxBytes),
        "activations",
        "\"method\":\"toploc\"",
        "{}");
  }

  private static JobSpec wasm(String verification, String scheduling) {
    return read(
        """
        {"kind":"wasm","module":"%s","fuelMax":"9","memoryMaxBytes":65536,"outputMaxBytes":9}
        """
            .formatted(DIGEST),
        Workload.Wasm.CHECKPOINTS,
        verification,
        scheduling);
  }

  private static JobSpec read(
      String workload, String argument, String verification, String scheduling) {
    String text =
        """
        {"workload":%s,"tasks":[{"arguments":["%s"],"input":"%s"}],"scheduling":%s,
         "policy":{"limits":{"priceMaxNanoOpen":"7","deadlineMillis":1000},"verification":{%s}}}
        """
            .formatted(workload, argument, DIGEST, scheduling, verification);
    return Json.read(text.getBytes(StandardCharsets.UTF_8), JobSpec.class);
  }

  @Test
  void toplocTakesNoAnswersThatAreTooLargeToBeComputedAgain() {
    assertThat(toploc(256L << 20).tasks()).hasSize(1);
    assertThatThrownBy(() -> toploc((256L << 20) + (64 << 10)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("toploc computes answers again");
  }

  @Test
  void aDisputeWithACommitteeIsNotHedged() {
    String dispute = "\"method\":\"dispute\",\"parameters\":{\"agreement\":2,\"replicasMax\":5}";
    String quorum = dispute.replace("dispute", "quorum");
    assertThat(wasm(quorum, "{\"hedge\":true}").scheduled().hedge()).isTrue();
    assertThat(wasm(dispute, "{\"hedge\":false}").scheduled().hedge()).isFalse();
    assertThatThrownBy(() -> wasm(dispute, "{\"hedge\":true}"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("who disputes and who decides");
  }
}

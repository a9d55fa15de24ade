package xyz.openledger.nodes.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.json.Json;

class ClusterCheckTest {
  private static final String CLOSED =
      "{\"metadata\":{\"name\":\"nothing\"},\"spec\":{\"podSelector\":{},"
          + "\"policyTypes\":[\"Ingress\",\"Egress\"]}}";

  @Test
  void aNetworkIsClosedByOnePolicyForAllPodsAndBothWays() {
    assertThat(open(CLOSED)).isEmpty();
    assertThat(open(CLOSED + "," + CLOSED)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"spec\":{\"podSelector\":{},\"policyTypes\":[\"Ingress\"]}}",
        "{\"spec\":{\"podSelector\":{\"matchLabels\":{\"a\":\"b\"}},"
            + "\"policyTypes\":[\"Ingress\",\"Egress\"]}}",
        CLOSED + ",{\"metadata\":{\"name\":\"dns\"},\"spec\":{\"podSelector\":{},\"egress\":[{}]}}",
        "{\"metadata\":{\"name\":\"in\"},\"spec\":{\"podSelector\":{},\"ingress\":[{}],"
            + "\"policyTypes\":[\"Ingress\",\"Egress\"]}}"
      })
  void anyOtherLeavesAWay(String policies) {
    assertThat(open(policies)).isPresent();
  }

  private static Optional<String> open(String policies) {
    return ClusterCheck.open(Json.tree(("{\"items\":[" + policies + "]}").getBytes(UTF_8)));
  }
}

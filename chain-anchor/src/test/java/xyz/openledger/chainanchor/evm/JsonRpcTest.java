package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class JsonRpcTest {
  private static final String NOT_ANCHORER = Selector.of("NotAnchorer(address,address)").hex();

  @Test
  void anErrorBesideTheMessageIsNamedLikeOneInIt() throws Exception {
    String beside = said("execution reverted", NOT_ANCHORER + "0".repeat(128));
    String within = said("execution reverted: custom error " + NOT_ANCHORER, NOT_ANCHORER);

    assertThat(beside)
        .isEqualTo("eth_call: execution reverted: custom error " + NOT_ANCHORER)
        .isEqualTo(within);
    assertThat(AnchorLogAbi.Refusal.in(beside)).contains(AnchorLogAbi.Refusal.NOT_ANCHORER);
  }

  @Test
  void whatIsNoErrorOfAContractIsNotNamed() throws Exception {
    assertThat(said("execution reverted: too late", "0x08c379a0" + "0".repeat(64)))
        .isEqualTo("eth_call: execution reverted: too late");
    assertThat(said("boom", "0x12")).isEqualTo("eth_call: boom");
  }

  private static String said(String message, String data) throws JsonProcessingException {
    String error = "{\"code\": 3, \"message\": \"%s\", \"data\": \"%s\"}".formatted(message, data);
    return JsonRpc.refusal("eth_call", new ObjectMapper().readTree(error)).getMessage();
  }
}

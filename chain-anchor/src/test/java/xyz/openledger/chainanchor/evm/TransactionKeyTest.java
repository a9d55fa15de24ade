package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.evm.TransactionKey.Transaction;
import xyz.openledger.protocol.keys.Secp256k1Key;

class TransactionKeyTest {
  private static final long CHAIN_ID = 901;
  private static final Secp256k1Key KEY = Secp256k1Key.generate();
  private static final Transaction CALL =
      new Transaction(7, "0x" + "a1".repeat(20), "0xabcdef", 400_000, 2_001_000_000, 1_000_000);

  private final TransactionKey local = new TransactionKey(KEY, CHAIN_ID);
  private HttpServer signer;
  private Function<Transaction, String> answer = this::honest;

  @BeforeEach
  void start() throws IOException {
    signer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    signer.createContext(
        "/",
        exchange -> {
          JsonNode call = new ObjectMapper().readTree(exchange.getRequestBody());
          JsonNode asked = call.get("params").get(0);
          var transaction =
              new Transaction(
                  Words.number(asked.get("nonce")),
                  asked.path("to").asText(""),
                  asked.get("data").asText(),
                  Words.number(asked.get("gas")),
                  Words.number(asked.get("maxFeePerGas")),
                  Words.number(asked.get("maxPriorityFeePerGas")));
          byte[] body =
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"%s\"}"
                  .formatted(answer.apply(transaction))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    signer.start();
  }

  @AfterEach
  void stop() {
    signer.stop(0);
  }

  @Test
  void aSignerElsewhereSignsWhatAKeyHereWould() throws IOException {
    assertThat(remote().sign(CALL)).isEqualTo(local.sign(CALL));
  }

  @Test
  void signsTheCreationOfAContract() throws IOException {
    var creation = new Transaction(7, "", "0xabcdef", 400_000, 2_001_000_000, 1_000_000);

    assertThat(remote().sign(creation)).isEqualTo(local.sign(creation));
  }

  @Test
  void refusesASignatureForAnotherTransaction() {
    answer =
        asked ->
            honest(
                new Transaction(
                    asked.nonce() + 1,
                    asked.to(),
                    asked.data(),
                    asked.gasLimit(),
                    asked.maxFeeWeiPerGas(),
                    asked.tipWeiPerGas()));

    assertThatThrownBy(() -> remote().sign(CALL))
        .isInstanceOf(IOException.class)
        .hasStackTraceContaining("did not sign what was asked for");
  }

  @Test
  void refusesTheSignatureOfAnotherAccount() {
    var other = new TransactionKey(Secp256k1Key.generate(), CHAIN_ID);
    answer = asked -> signed(other, asked);

    assertThatThrownBy(() -> remote().sign(CALL))
        .isInstanceOf(IOException.class)
        .hasStackTraceContaining("did not sign what was asked for");
  }

  @Test
  void refusesWhatIsNoTransaction() {
    answer = _ -> "0x02ff";

    assertThatThrownBy(() -> remote().sign(CALL)).isInstanceOf(IOException.class);
  }

  private TransactionKey remote() {
    var uri = URI.create("http://127.0.0.1:" + signer.getAddress().getPort());
    return TransactionKey.remote(new JsonRpc(uri), KEY.address(), CHAIN_ID);
  }

  private String honest(Transaction asked) {
    return signed(local, asked);
  }

  private static String signed(TransactionKey key, Transaction asked) {
    try {
      return key.sign(asked).rawHex();
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }
}

package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.evm.Currency;
import xyz.openledger.chainanchor.evm.DevChain;
import xyz.openledger.chainanchor.evm.GovernanceTerms;
import xyz.openledger.chainanchor.evm.JsonRpc;
import xyz.openledger.chainanchor.evm.PayoutTerms;
import xyz.openledger.chainanchor.log.MemoryLogView;
import xyz.openledger.cluster.witness.WitnessPolicy;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.keys.Secp256k1Key;

/** A member whose anchoring key is in another program: anvil, which keeps an account of its own. */
class SignerElsewhereTest {
  private static final GovernanceTerms TERMS =
      new GovernanceTerms(1, 5, 100_000_000_000L, 25, 1, 2);

  /** The selector of {@code anchorer()}. */
  private static final String ANCHORER = "84609921";

  @TempDir Path data;
  private Process node;
  private URI uri;

  @BeforeEach
  void start() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    uri = URI.create("http://127.0.0.1:" + port);
    Path home = Path.of(System.getProperty("openledger.home", ".."));
    node =
        new ProcessBuilder(
                DevChain.program(home).toString(), "--port=" + port, "--accounts=1", "--silent")
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("anvil.log").toFile())
            .start();
    for (int i = 0; i < 400; i++) {
      try {
        new JsonRpc(uri).call("eth_chainId");
        return;
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    throw new AssertionError("anvil does not answer");
  }

  @AfterEach
  void stop() {
    node.destroy();
  }

  @Test
  void deploysAndAnchorsInThatAccountsNameAndMakesNoKeyOfItsOwn() throws IOException {
    var account = new Address(new JsonRpc(uri).call("eth_accounts").get(0).asText());

    var link = open(account);

    var anchorer =
        link.client()
            .rpc()
            .call(
                "eth_call",
                Map.of("to", link.contracts().anchorLog().value(), "data", "0x" + ANCHORER),
                "latest")
            .asText();
    assertThat(anchorer).endsWith(account.value().substring(2));
    assertThat(data.resolve("keys/anchorer.pem")).doesNotExist();
    assertThat(Files.exists(data.resolve("keys/relayer.pem"))).isTrue();
  }

  @Test
  void doesNotStartWithASignerThatDoesNotKnowTheAccount() {
    var stranger = new Address("0x" + "12".repeat(20));

    assertThatThrownBy(() -> open(stranger)).isInstanceOf(IOException.class);
  }

  private ChainLink open(Address account) throws IOException {
    var options =
        new MemberOptions(
            data,
            data,
            "127.0.0.1",
            0,
            0,
            0,
            uri,
            0,
            List.of(),
            List.of(),
            MemberOptions.Grid.AVERAGES,
            true,
            WitnessPolicy.NONE,
            new MemberOptions.Signer(uri, account));
    return ChainLink.open(
        options,
        "openledger.xyz/log/test",
        new MemoryLogView(),
        TERMS,
        Currency.TOKEN,
        new PayoutTerms(0, Secp256k1Key.generate().address()));
  }
}

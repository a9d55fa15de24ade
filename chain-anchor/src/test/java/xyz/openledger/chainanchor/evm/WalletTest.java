package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.keys.Secp256k1Key;

/** What is done for a person at once, on a chain that is real. */
class WalletTest {
  private static final int TOGETHER = 4;
  private static final long NANO_OPEN = 1_000_000_000L;

  private static Anvil anvil;

  @BeforeAll
  static void deploy(@TempDir Path folder) throws IOException {
    anvil = Anvil.start(folder);
  }

  @AfterAll
  static void end() {
    anvil.close();
  }

  @Test
  void thoseWhoComeTogetherAreServedOneAfterAnother() throws Exception {
    var wallet = new Wallet(anvil.client, anvil.key(), anvil::mine);
    Address payee = Secp256k1Key.generate().address();
    try (var threads = Executors.newFixedThreadPool(TOGETHER)) {
      var sent = new ArrayList<Future<String>>();
      for (int i = 0; i < TOGETHER; i++) {
        sent.add(threads.submit(() -> wallet.transfer(anvil.contracts, payee, NANO_OPEN)));
      }
      for (Future<String> each : sent) {
        assertThat(each.get()).startsWith("0x");
      }
    }
    assertThat(anvil.client.balance(anvil.contracts.token(), payee))
        .isEqualTo(Words.wei(TOGETHER * NANO_OPEN));
  }

  @Test
  void nothingIsSentToAnAddressWithoutAContract() {
    var nobody = new Address("0x" + "11".repeat(20));
    assertThatThrownBy(() -> EpochsOnChain.reject(anvil.deployer, nobody, 7))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no contract at " + nobody);
  }

  @Test
  void anAccountNeedsCoinForTheFeesOfTheDayAndNoMore() throws Exception {
    anvil.automine(true);
    var poor = Secp256k1Key.generate();
    var wallet = new Wallet(anvil.client, new TransactionKey(poor, DevChain.CHAIN_ID));
    // A transfer of nothing costs less than 60,000 gas, at less than 3 gwei: a hundredth of the
    // cap.
    anvil.client.rpc().call("anvil_setBalance", poor.address().value(), "0xb5e620f48000");

    assertThat(wallet.transfer(anvil.contracts, poor.address(), 0)).startsWith("0x");
    anvil.automine(false);
  }

  @Test
  void aChainThatIsTooDearIsSaidSo() throws Exception {
    try (var dear = new StrangeRpc(anvil.chain.uri())) {
      dear.behave(
          (method, _, real) ->
              method.equals("eth_getBlockByNumber")
                  ? ((ObjectNode) real.answer())
                      .put("baseFeePerGas", Words.quantity(BigInteger.TEN.pow(12).longValue()))
                  : real.answer());
      var wallet = new Wallet(new ChainClient(new JsonRpc(dear.uri())), anvil.key());

      assertThatThrownBy(() -> wallet.transfer(anvil.contracts, wallet.address(), 0))
          .hasMessageContaining("above the 100000000000 that are paid at the most");
    }
  }
}

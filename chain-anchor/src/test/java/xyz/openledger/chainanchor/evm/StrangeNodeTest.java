package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.crypto.Hash;
import org.web3j.crypto.TransactionDecoder;
import org.web3j.crypto.transaction.type.Transaction1559;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.BlockRef;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.Observation;
import xyz.openledger.chainanchor.outbox.Outbox;
import xyz.openledger.chainanchor.outbox.OutboxSettings;
import xyz.openledger.chainanchor.outbox.Reply;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * The outbox with the client that the product uses, against real contracts, by way of a node that
 * is not what one hopes for. However it behaves, the log is anchored once.
 */
class StrangeNodeTest {
  private static final int ROUNDS_MAX = 200;
  private static final String SEND = "eth_sendRawTransaction";
  private static final String RECEIPT = "eth_getTransactionReceipt";

  private static Anvil anvil;

  private final AtomicInteger struck = new AtomicInteger();
  private StrangeRpc node;

  @BeforeAll
  static void deploy(@TempDir Path folder) throws IOException {
    anvil = Anvil.start(folder);
  }

  @AfterAll
  static void end() {
    anvil.close();
  }

  @BeforeEach
  void start() throws IOException {
    node = new StrangeRpc(anvil.chain.uri());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void whatItAcceptedAndLostIsSentAgain() throws Exception {
    node.behave(
        (method, parameters, real) ->
            method.equals(SEND) && struck.getAndIncrement() < 3
                ? hash(parameters.get(0).asText())
                : real.answer());

    anchorsOnce();

    assertThat(struck.get()).isGreaterThan(3);
  }

  @Test
  void whatItTookWithoutAnAnswerIsFoundAndNotDoneTwice() throws Exception {
    node.behave(
        (method, _, real) -> {
          JsonNode answer = real.answer();
          if (method.equals(SEND) && struck.getAndIncrement() < 2) {
            throw new IOException("the line is cut");
          }
          return answer;
        });

    anchorsOnce();

    assertThat(struck.get()).isPositive();
  }

  @Test
  void aReceiptOfABlockThatIsNotThereIsNotBelieved() throws Exception {
    node.behave(
        (method, _, real) -> {
          JsonNode answer = real.answer();
          if (!method.equals(RECEIPT) || !answer.isObject() || struck.getAndIncrement() >= 3) {
            return answer;
          }
          return ((ObjectNode) answer).put("blockHash", "0x" + "ab".repeat(32));
        });

    anchorsOnce();

    assertThat(struck.get()).isGreaterThan(3);
  }

  @Test
  void logsAreReadWholeFromANodeThatTellsOfFewBlocksAtOnce() throws Exception {
    anvil.client.rpc().call("anvil_mine", Words.quantity(1_000));
    node.behave(
        (method, parameters, real) -> {
          if (method.equals("eth_getLogs")) {
            JsonNode filter = parameters.get(0);
            String to = filter.get("toBlock").asText();
            long last = to.startsWith("0x") ? Long.decode(to) : anvil.client.head().number();
            if (last - Long.decode(filter.get("fromBlock").asText()) >= 100) {
              struck.incrementAndGet();
              throw new RpcException(-32_005, "query returned more than 100 blocks");
            }
          }
          return real.answer();
        });
    var limited = new ChainClient(new JsonRpc(node.uri()));
    String topic = OpenTokenAbi.Transfer.TOPIC;
    long head = anvil.client.head().number();

    var whole = anvil.client.logs(anvil.contracts.token(), topic, 0, head);
    assertThat(whole).isNotEmpty();
    assertThat(limited.logs(anvil.contracts.token(), topic, 0, head)).isEqualTo(whole);
    assertThat(limited.anchoredRoot(anvil.contracts.anchorLog(), 1 << 20)).isEmpty();
    assertThat(struck.get()).as("the limit is found out once").isBetween(1, 6);
  }

  @Test
  void aReplacementPaysTheTenthMoreThatStrictNodesDemand() throws Exception {
    Map<BigInteger, BigInteger> offered = new ConcurrentHashMap<>();
    List<Double> raised = new CopyOnWriteArrayList<>();
    node.behave(
        (method, parameters, real) -> {
          if (!method.equals(SEND)) {
            return real.answer();
          }
          String raw = parameters.get(0).asText();
          var sent = TransactionDecoder.decode(raw);
          BigInteger fee = ((Transaction1559) sent.getTransaction()).getMaxFeePerGas();
          BigInteger before = offered.put(sent.getNonce(), fee);
          if (before == null) {
            return hash(raw); // In its pool, and in no block: too cheap.
          }
          if (before.equals(fee)) {
            throw new RpcException(-32_000, "already known");
          }
          if (fee.multiply(BigInteger.TEN).compareTo(before.multiply(BigInteger.valueOf(11))) < 0) {
            offered.put(sent.getNonce(), before);
            throw new RpcException(-32_000, "replacement transaction underpriced");
          }
          raised.add(fee.doubleValue() / before.doubleValue());
          return real.answer();
        });

    anchorsOnce();

    assertThat(raised).isNotEmpty().allMatch(ratio -> ratio >= 1.1);
  }

  @Test
  void aNonceThatIsCalledTooLowIsLookedUpAndNotGivenAway() throws Exception {
    node.behave(
        (method, _, real) -> {
          if (method.equals(SEND) && struck.getAndIncrement() < 2) {
            throw new RpcException(-32_000, "nonce too low");
          }
          return real.answer();
        });

    anchorsOnce();

    assertThat(struck.get()).isGreaterThan(2);
  }

  @Test
  void anEmptyKeyIsToldWhereToSendCoins() throws Exception {
    var empty = new TransactionKey(Secp256k1Key.generate(), DevChain.CHAIN_ID);
    var hands = new OutboxHands(anvil.client, anvil.contracts, empty);
    var head = new BlockRef(1, "0x1");
    var intent = new Intent.Anchor(0, 1, "0".repeat(64));
    var signed = carryOut(hands, new Action.Sign(head, "a", intent, 0, 1L << 40, 1_000_000));
    var attempt = ((Reply.Signature) signed).attempt();

    Reply said = carryOut(hands, new Action.Send(head, "a", attempt.txHash(), attempt.rawHex()));

    assertThat(said)
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .startsWith("send coins of the chain to " + empty.address()));
  }

  @Test
  void aKeyThatIsNotTheAnchorerIsToldSoBeforeItPays() throws Exception {
    var other = new TransactionKey(Secp256k1Key.generate(), DevChain.CHAIN_ID);
    var hands = new OutboxHands(anvil.client, anvil.contracts, other);
    var intent = new Intent.Anchor(size(), size() + 1, "0".repeat(64));
    var check =
        new Action.CheckEffect(new BlockRef(1, "0x1"), "a", intent, Action.Tag.LATEST, true);

    assertThat(carryOut(hands, check))
        .isInstanceOfSatisfying(
            Reply.Effect.Blocked.class,
            blocked ->
                assertThat(blocked.reason())
                    .startsWith("the log is anchored by another key now")
                    .contains(other.address().value()));
  }

  @Test
  void anAnchorThatRevertedIsDrawnAnewWhereTheLogHasGoneOn() throws Exception {
    var hands = new OutboxHands(anvil.client, anvil.contracts, anvil.key());
    var intent = new Intent.Anchor(size() + 1, size() + 2, "0".repeat(64));
    var check =
        new Action.CheckEffect(new BlockRef(1, "0x1"), "a", intent, Action.Tag.LATEST, true);

    assertThat(carryOut(hands, check)).isEqualTo(new Reply.Effect.Absent(size()));
  }

  @Test
  void aDepositOfATenantKnownLateIsNotLostWithAnAnswer() throws Exception {
    var tenant = TenantId.parse("late");
    anvil.automine(true);
    anvil.deployer.deposit(anvil.contracts, tenant, 70);
    anvil.automine(false);
    long from = anvil.client.head().number() + 1;
    while (anvil.client.head().finalNumber() < from) {
      anvil.mine();
    }
    var movements = new ChainMovements(new ChainClient(new JsonRpc(node.uri())), anvil.contracts);
    movements.know(tenant);
    String claims = RewardDistributorAbi.Claimed.TOPIC;
    node.behave(
        (method, parameters, real) -> {
          if (parameters.toString().contains(claims) && struck.getAndIncrement() < 1) {
            throw new IOException("the line is cut");
          }
          return real.answer();
        });

    assertThatThrownBy(() -> movements.read(from)).isInstanceOf(IOException.class);

    assertThat(movements.read(from).commands())
        .extracting(command -> ((LedgerCommand.Deposit) command).amountNanoOpen())
        .containsExactly(70L);
  }

  private static Reply carryOut(OutboxHands hands, Action action) throws IOException {
    return ((Observation.Answered) hands.carryOut(action)).reply();
  }

  /** The log grows by ten, and the chain has it, by one transaction of the anchorer. */
  private void anchorsOnce() throws Exception {
    long from = size();
    var client = new ChainClient(new JsonRpc(node.uri()));
    var hands = new OutboxHands(client, anvil.contracts, anvil.key());
    var outbox = new Outbox(OutboxSettings.DEFAULT);
    outbox.planAnchor(from + 10, "%064x".formatted(from + 10)).forEach(outbox::apply);
    for (int round = 0; round < ROUNDS_MAX && !outbox.rows().isEmpty(); round++) {
      for (Observation seen : hands.poll()) {
        outbox.observe(seen).forEach(outbox::apply);
      }
      for (int pass = 0; pass < 10; pass++) {
        // A second a block, as the outbox would live it.
        for (Action action : outbox.actions(1_000L * (10 * round + pass))) {
          carryOut(hands, outbox, action);
        }
      }
      anvil.mine();
    }

    assertThat(outbox.rows()).isEmpty();
    assertThat(size()).isEqualTo(from + 10);
    assertThat(anchors(from + 10)).hasSize(1);
    assertThat(outbox.finalRows()).hasSize(1);
  }

  private static void carryOut(OutboxHands hands, Outbox outbox, Action action) {
    try {
      outbox.observe(hands.carryOut(action)).forEach(outbox::apply);
    } catch (IOException unanswered) {
      // It asks again.
    }
  }

  private static long size() throws IOException {
    return anvil.client.checkpoint(anvil.contracts.anchorLog(), ChainClient.Tag.LATEST).size();
  }

  private static List<ChainClient.Log> anchors(long size) throws IOException {
    String topic = AnchorLogAbi.CheckpointAnchored.TOPIC;
    return anvil.client.logs(anvil.contracts.anchorLog(), topic, 0, 1L << 40).stream()
        .filter(log -> log.topics().get(1).equals("0x%064x".formatted(size)))
        .toList();
  }

  private static JsonNode hash(String raw) {
    return TextNode.valueOf(Hash.sha3(raw));
  }
}

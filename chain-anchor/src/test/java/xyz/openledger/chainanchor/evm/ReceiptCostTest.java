package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.outbox.AnchorCost;
import xyz.openledger.chainanchor.outbox.Attempt;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.Outbox;
import xyz.openledger.chainanchor.outbox.OutboxEvent;
import xyz.openledger.chainanchor.outbox.OutboxSettings;
import xyz.openledger.chainanchor.outbox.TransactionCost;
import xyz.openledger.chainanchor.outbox.TransactionCost.RollupFees;

/** Receipts in the forms in which nodes give them, read by the client that the product uses. */
class ReceiptCostTest {
  /**
   * As op-geth gives it since Isthmus. The L1 fee is the one of 300 bytes, measured in two EVMs.
   */
  private static final String ISTHMUS =
      """
      {"blockHash": "0x%s", "blockNumber": "0x10", "contractAddress": null,
       "cumulativeGasUsed": "0x1ab3f", "effectiveGasPrice": "0xf4340", "from": "0x%s",
       "gasUsed": "0x86f3", "l1BaseFeeScalar": "0x146b", "l1BlobBaseFee": "0x3b9aca00",
       "l1BlobBaseFeeScalar": "0xf79c5", "l1Fee": "0xbd7b546dbf", "l1GasPrice": "0x4a817c800",
       "l1GasUsed": "0x1334", "logs": [], "operatorFeeConstant": "0x989680",
       "operatorFeeScalar": "0x4c4b40", "status": "0x1", "to": "0x%s",
       "transactionHash": "0x%s", "transactionIndex": "0x1", "type": "0x2"}
      """
          .formatted("ab".repeat(32), "11".repeat(20), "22".repeat(20), "cd".repeat(32));

  private static final BigInteger EXECUTION = BigInteger.valueOf(34_547L * 1_000_256);
  private static final BigInteger L1_FEE = BigInteger.valueOf(813_817_949_631L);

  private final ObjectMapper mapper = new ObjectMapper();
  private StrangeRpc node;

  @BeforeEach
  void start() throws IOException {
    node = new StrangeRpc(URI.create("http://127.0.0.1:1"));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void readsWhatARollupChargesBesideTheExecution() throws IOException {
    assertThat(cost(isthmus()))
        .hasValue(
            new TransactionCost(
                34_547,
                EXECUTION,
                new RollupFees(
                    L1_FEE, BigInteger.valueOf(4_916), BigInteger.valueOf(172_735 + 10_000_000))));
  }

  @Test
  void sinceJovianTheOperatorsScalarIsAHundredWei() throws IOException {
    var fees = cost(isthmus().put("daFootprintGasScalar", "0x190")).orElseThrow().rollup();

    assertThat(fees).isNotNull();
    assertThat(fees.operatorFeeWei())
        .isEqualTo(BigInteger.valueOf(34_547L * 5_000_000 * 100 + 10_000_000));
  }

  @Test
  void beforeIsthmusThereIsNoOperatorsFee() throws IOException {
    var receipt = isthmus();
    receipt.remove(List.of("operatorFeeScalar", "operatorFeeConstant"));

    assertThat(cost(receipt).orElseThrow().feeWei()).isEqualTo(EXECUTION.add(L1_FEE));
  }

  @Test
  void anotherChainChargesNothingElse() throws IOException {
    var receipt = isthmus();
    receipt.remove(List.of("l1Fee", "l1GasUsed", "operatorFeeScalar", "operatorFeeConstant"));

    assertThat(cost(receipt)).hasValue(new TransactionCost(34_547, EXECUTION, null));
  }

  @Test
  void nonsenseIsNoCostAndTheReceiptStillCounts() throws IOException {
    for (String nonsense : List.of("-0x1", "12", "0x", "0x" + "f".repeat(64), "0xzz")) {
      for (String field : List.of("gasUsed", "effectiveGasPrice", "l1Fee", "operatorFeeScalar")) {
        assertThat(cost(isthmus().put(field, nonsense))).as(field + " " + nonsense).isEmpty();
      }
    }
    var silent = isthmus();
    silent.remove("effectiveGasPrice");
    assertThat(cost(silent)).isEmpty();
  }

  @Test
  void theCostOfFinalAnchorsIsAddedUpAndTakenBackWithTheirBlocks() throws IOException {
    var cost = cost(isthmus()).orElseThrow();
    var outbox = new Outbox(OutboxSettings.DEFAULT);
    for (int i = 0; i < 2; i++) {
      String id = "anchor-" + i;
      var events =
          List.of(
              new OutboxEvent.Planned(id, new Intent.Anchor(10 * i, 10 * i + 10, "00".repeat(32))),
              new OutboxEvent.Signed(id, i, new Attempt("0x0" + i, "raw", 20, 10)),
              new OutboxEvent.Mined(id, "0x0" + i, 100 + i, "0xb" + i, cost),
              new OutboxEvent.Safe(id),
              new OutboxEvent.Finalized(id, 100 + i, "0xb" + i));
      events.forEach(outbox::apply);
    }
    outbox.apply(new OutboxEvent.Planned("fund", new Intent.Fund("fund", 1)));

    assertThat(outbox.anchorCost())
        .isEqualTo(
            new AnchorCost(
                2,
                20,
                2 * 34_547,
                cost.feeWei().multiply(BigInteger.TWO),
                L1_FEE.multiply(BigInteger.TWO),
                BigInteger.valueOf(2 * 10_172_735L)));
    var again = Outbox.of(OutboxSettings.DEFAULT, outbox.snapshot());
    assertThat(again.anchorCost()).isEqualTo(outbox.anchorCost());
    again.apply(new OutboxEvent.RolledBack(101, "0xb1"));
    assertThat(again.anchorCost()).isEqualTo(AnchorCost.NONE);
  }

  private ObjectNode isthmus() throws IOException {
    return (ObjectNode) mapper.readTree(ISTHMUS);
  }

  private Optional<TransactionCost> cost(JsonNode receipt) throws IOException {
    node.behave((_, _, _) -> receipt);
    return ReceiptCost.of(new ChainClient(new JsonRpc(node.uri())).receipt("0x01"));
  }
}

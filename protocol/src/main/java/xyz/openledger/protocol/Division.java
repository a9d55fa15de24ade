package xyz.openledger.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.json.DecimalText;

/**
 * How what was held for a job is divided, in whole nano-OPEN. Each part is what the split gives,
 * rounded down; the units that this leaves are carried: the books add up what everybody carries, in
 * ten-thousandths, and give a unit to whoever has it whole. So
 *
 * <pre>
 *   nodes + platform + model + stakers + data + carried = charged
 *   charged + refunded                                  = held
 * </pre>
 *
 * <p>It follows from the split, the prices and what was held alone, so that whoever has the receipt
 * finds the same.
 *
 * @param split by which
 * @param nodesNanoOpen for the nodes' owners together, each replica's price rounded down by itself
 * @param modelOwner who gets the model's part; absent where governance names who does
 */
public record Division(
    FeeSplit split,
    @DecimalText long heldNanoOpen,
    @DecimalText long refundedNanoOpen,
    @DecimalText long nodesNanoOpen,
    @DecimalText long platformNanoOpen,
    @DecimalText long modelNanoOpen,
    @DecimalText long stakersNanoOpen,
    @DecimalText long dataNanoOpen,
    @DecimalText long carriedNanoOpen,
    @Nullable Address modelOwner) {

  /**
   * Divides the prices of a job's replicas.
   *
   * @throws ArithmeticException if they are more than a long holds
   */
  public static Division of(
      FeeSplit split, long heldNanoOpen, List<Long> prices, @Nullable Address modelOwner) {
    long charged = 0;
    long nodes = 0;
    for (long price : prices) {
      charged = Math.addExact(charged, price);
      nodes += part(price, split.nodesBasisPoints());
    }
    long platform = part(charged, split.platformBasisPoints());
    long model = part(charged, split.modelBasisPoints());
    long stakers = part(charged, split.stakersBasisPoints());
    long data = part(charged, split.dataBasisPoints());
    return new Division(
        split,
        heldNanoOpen,
        Math.subtractExact(heldNanoOpen, charged),
        nodes,
        platform,
        model,
        stakers,
        data,
        charged - nodes - platform - model - stakers - data,
        split.modelBasisPoints() == 0 ? null : modelOwner);
  }

  /** In two halves, since an amount times ten thousand need not fit a long. */
  private static long part(long amount, int basisPoints) {
    return amount / FeeSplit.WHOLE * basisPoints
        + amount % FeeSplit.WHOLE * basisPoints / FeeSplit.WHOLE;
  }

  /** What does not add up in a receipt; empty if all does, to the unit. */
  public static List<String> faults(Receipt receipt) {
    try {
      return differences(receipt);
    } catch (ArithmeticException _) {
      return List.of("its amounts are more than there can be");
    }
  }

  private static List<String> differences(Receipt receipt) {
    var faults = new ArrayList<String>();
    List<Long> prices = prices(receipt.tasks());
    long charged = prices.stream().reduce(0L, Math::addExact);
    if (prices.stream().anyMatch(price -> price < 0)) {
      faults.add("a replica is paid less than nothing");
    }
    if (charged != receipt.chargedNanoOpen()) {
      faults.add(
          "its replicas are paid %d nano-OPEN, charged were %d"
              .formatted(charged, receipt.chargedNanoOpen()));
    }
    Division said = receipt.division();
    if (said == null && receipt.version() >= Receipt.DIVIDED && charged > 0) {
      faults.add(
          "it does not say who gets the %d nano-OPEN that were charged; since version %d each receipt does"
              .formatted(charged, Receipt.DIVIDED));
    }
    if (said == null || !faults.isEmpty()) {
      return faults;
    }
    Division due = of(said.split(), said.heldNanoOpen(), prices, said.modelOwner());
    if (!said.equals(due)) {
      faults.add("it divides otherwise than its split gives: " + due.words());
    }
    if (due.refundedNanoOpen() < 0) {
      faults.add("charged were %d nano-OPEN, held only %d".formatted(charged, said.heldNanoOpen()));
    }
    return faults;
  }

  /** What each replica is paid, in order. */
  public static List<Long> prices(List<Receipt.TaskReceipt> tasks) {
    return tasks.stream()
        .flatMap(task -> task.replicas().stream())
        .map(Receipt.ReplicaReceipt::paidNanoOpen)
        .toList();
  }

  /** All parts in a line. */
  public String words() {
    return ("nodes %d, platform %d, model %d, stakers %d, data %d, carried %d, returned %d"
            + " nano-OPEN")
        .formatted(
            nodesNanoOpen,
            platformNanoOpen,
            modelNanoOpen,
            stakersNanoOpen,
            dataNanoOpen,
            carriedNanoOpen,
            refundedNanoOpen);
  }
}

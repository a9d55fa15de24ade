package xyz.openledger.chainanchor.vouchers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.voucher.SignedVoucher;

/**
 * Which vouchers are brought to the chain together. The chain takes all of a batch or nothing, so
 * one that it refuses is divided in halves until the voucher that spoils it stands alone: {@code n}
 * vouchers are free of it after {@code log2 n} refusals, which cost no gas. In the next round each
 * has another try.
 *
 * <p>Not thread-safe.
 */
public final class VoucherBatches {
  private final int vouchersMax;
  private final Map<String, List<SignedVoucher>> open = new LinkedHashMap<>();
  private final Set<String> refused = new LinkedHashSet<>();
  private long round = -1;

  /** Batches of so many vouchers at the most. */
  public VoucherBatches(int vouchersMax) {
    this.vouchersMax = vouchersMax;
  }

  /**
   * Groups vouchers, by the names of their groups: those that are not on their way, and no group
   * that was refused in this round.
   *
   * @param round counts up; names are of a round, so that a repeat in it brings nothing twice
   */
  public Map<String, List<SignedVoucher>> of(long round, List<SignedVoucher> vouchers) {
    if (round != this.round) {
      refused.clear();
      this.round = round;
    }
    var onTheirWay = new HashSet<SignedVoucher>();
    open.values().forEach(onTheirWay::addAll);
    var left = new ArrayList<>(vouchers);
    left.removeAll(onTheirWay);
    var batches = new LinkedHashMap<String, List<SignedVoucher>>();
    for (int from = 0; from < left.size(); from += vouchersMax) {
      divide(left.subList(from, Math.min(left.size(), from + vouchersMax)), batches);
    }
    open.putAll(batches);
    return batches;
  }

  private void divide(List<SignedVoucher> batch, Map<String, List<SignedVoucher>> batches) {
    String name = name(batch);
    if (!refused.contains(name)) {
      batches.put(name, List.copyOf(batch));
    } else if (batch.size() > 1) {
      divide(batch.subList(0, batch.size() / 2), batches);
      divide(batch.subList(batch.size() / 2, batch.size()), batches);
    }
  }

  /** Those of which it is not known yet how they ended. */
  public List<String> open() {
    return List.copyOf(open.keySet());
  }

  /** It is on the chain for good, or nobody knows of it any more. */
  public void over(String name) {
    open.remove(name);
  }

  /** The chain does not take it. */
  public void refused(String name) {
    open.remove(name);
    refused.add(name);
  }

  private String name(List<SignedVoucher> batch) {
    var domain = Domain.of("vouchers").int64(round);
    batch.forEach(
        signed ->
            domain
                .text(signed.voucher().key().value())
                .text(signed.voucher().pool().value())
                .int64(signed.voucher().cumulativeNanoOpen()));
    return "vouchers-" + domain.digest().hex().substring(0, 32);
  }
}

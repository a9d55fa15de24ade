package xyz.openledger.chainanchor.vouchers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;

/**
 * How a session key stands.
 *
 * @param apiKey whose submissions it pays for
 * @param runningNanoOpen the most that jobs cost which have started and not ended
 * @param running these jobs, as far as they were asked for
 */
public record SessionStanding(
    String apiKey,
    TenantId tenant,
    SessionKey terms,
    long runningNanoOpen,
    List<PoolTab> tabs,
    List<Running> running) {
  /** Keeps its own copies. */
  public SessionStanding {
    tabs = List.copyOf(tabs);
    running = List.copyOf(running);
  }

  /**
   * How it stands with one pool.
   *
   * @param settledNanoOpen what the chain's final state says
   */
  public record PoolTab(
      PoolId pool, long owedNanoOpen, @Nullable SignedVoucher last, long settledNanoOpen) {
    /** As the rules know it. */
    public Tab tab() {
      return new Tab(owedNanoOpen, last);
    }
  }

  /** A job that has started and not ended. */
  public record Running(JobId job, long mostNanoOpen) {}
}

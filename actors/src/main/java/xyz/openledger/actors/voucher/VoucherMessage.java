package xyz.openledger.actors.voucher;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.chainanchor.vouchers.PoolCost;
import xyz.openledger.chainanchor.vouchers.SessionStanding;
import xyz.openledger.chainanchor.vouchers.VoucherRules;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;

/** What {@link VouchersEntity} is told and asked. */
public sealed interface VoucherMessage extends MemberMessage {
  /** The most vouchers of one message. */
  int VOUCHERS_MAX = 256;

  /** A key that the chain knows pays for an API key from now on. */
  record Open(String apiKey, TenantId tenant, SessionKey terms, ActorRef<Answer> replyTo)
      implements VoucherMessage {}

  /** Take these vouchers, all or none. */
  record Take(List<SignedVoucher> vouchers, ActorRef<Answer> replyTo) implements VoucherMessage {}

  /**
   * May this job start? The vouchers are taken first, and the answer comes when both are durable.
   *
   * @param tenant whose job it is; a session key pays for its own tenant alone
   */
  record Start(
      TenantId tenant,
      Address key,
      JobId job,
      long mostNanoOpen,
      List<SignedVoucher> vouchers,
      ActorRef<Answer> replyTo)
      implements VoucherMessage {}

  /** This job is over, and came to so much. A repeat changes nothing. */
  record End(Address key, JobId job, List<PoolCost> costs) implements VoucherMessage {}

  /** The chain's final state says that vouchers of this key have paid so much to this pool. */
  record Settled(Address key, PoolId pool, long cumulativeNanoOpen) implements VoucherMessage {}

  /** Tell how a key stands. */
  record Show(Address key, ActorRef<Standing> replyTo) implements VoucherMessage {}

  /**
   * Tell how all keys stand, as many as a message holds.
   *
   * @param from the how-manieth is the first, from 0
   */
  record ShowAll(int from, int jobsMax, ActorRef<Standings> replyTo) implements VoucherMessage {}

  /** Done, or why not. */
  record Answer(VoucherRules.@Nullable Reason reason, String detail) implements MemberMessage {
    static final Answer DONE = new Answer(null, "");
  }

  /** How a key stands, without its jobs; null if it is not known. */
  record Standing(@Nullable SessionStanding session) implements MemberMessage {}

  /**
   * How keys stand.
   *
   * @param more whether there are more behind these
   */
  record Standings(List<SessionStanding> sessions, boolean more) implements MemberMessage {}
}

package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/** What a chain says of payout epochs that somebody wants to take back. */
public final class EpochsOnChain {
  private final ChainClient chain;
  private final Contracts contracts;

  /** Of the distributor among {@code contracts}. */
  public EpochsOnChain(ChainClient chain, Contracts contracts) {
    this.chain = chain;
    this.contracts = contracts;
  }

  /**
   * Rejects an epoch that waits, as its judge.
   *
   * @return the transaction's hash
   */
  public static String reject(Wallet judge, Address distributor, long epoch) throws IOException {
    return judge.transact(distributor, RewardDistributorAbi.reject(epoch));
  }

  /**
   * Why an epoch must not be taken back; empty if it may: its root was rejected and its money sent,
   * both final, and nobody published it again.
   *
   * @param funding the name of the payment that funded it; null if it needed none
   */
  public Optional<String> objection(long epoch, Digest root, @Nullable String funding)
      throws IOException {
    if (chain.payouts(contracts.distributor()).epoch() >= epoch) {
      return Optional.of("the chain has epoch %d: it was not rejected".formatted(epoch));
    }
    if (!chain.rejectedRoots(contracts, epoch, ChainClient.Tag.FINALIZED).contains(root)) {
      return Optional.of(
          "no final block has the judge's rejection of epoch %d with the root 0x%s"
              .formatted(epoch, root.hex()));
    }
    boolean funded =
        funding == null
            || chain.ask(
                contracts.escrow(),
                EscrowAbi.isPaid(OutboxHands.paymentKey(funding)),
                ChainClient.Tag.FINALIZED);
    return funded
        ? Optional.empty()
        : Optional.of("the funding of epoch %d is not final".formatted(epoch));
  }
}

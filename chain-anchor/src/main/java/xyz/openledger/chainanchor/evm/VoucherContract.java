package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

/** The half of the escrow that lets session keys pay by vouchers. */
public final class VoucherContract {
  private static final int WORD = 32;

  private final ChainClient chain;
  private final Address escrow;

  /** The vouchers of that escrow. */
  public VoucherContract(ChainClient chain, Address escrow) {
    this.chain = chain;
    this.escrow = escrow;
  }

  /**
   * What the chain knows of a session key.
   *
   * @param spentNanoOpen what its vouchers paid, over all pools
   * @param released whether what it left was given back
   */
  public record Session(SessionKey terms, long spentNanoOpen, boolean released) {}

  /** What an account of a depositor can lock: what it brought, less what went back or is locked. */
  public long availableNanoOpen(Digest account, Address depositor) throws IOException {
    return Words.nanoOpen(chain.ask(escrow, EscrowAbi.available(account, depositor)));
  }

  /** A session key; empty if it was never authorised. */
  public Optional<Session> session(Address key) throws IOException {
    return session(key, ChainClient.Tag.LATEST);
  }

  /** The same as of that state. */
  public Optional<Session> session(Address key, ChainClient.Tag tag) throws IOException {
    EscrowAbi.Session found = chain.ask(escrow, EscrowAbi.session(key), tag);
    if (found.cap().signum() == 0) {
      return Optional.empty();
    }
    var terms =
        new SessionKey(
            found.account(),
            found.depositor(),
            key,
            Words.nanoOpen(found.cap()),
            found.expiresAt());
    return Optional.of(new Session(terms, Words.nanoOpen(found.spent()), found.released()));
  }

  /** What vouchers of a key paid for the work of a pool. */
  public long spentNanoOpen(Address key, PoolId pool) throws IOException {
    return spentNanoOpen(key, pool, ChainClient.Tag.LATEST);
  }

  /** The same as of that state. */
  public long spentNanoOpen(Address key, PoolId pool, ChainClient.Tag tag) throws IOException {
    return Words.nanoOpen(chain.ask(escrow, EscrowAbi.spent(key, pool.bytes()), tag));
  }

  /**
   * The depositor lets a key spend; {@code owner} is the depositor.
   *
   * @return the transaction's hash
   */
  public String authorise(Wallet owner, SessionKey terms) throws IOException {
    return owner.transact(escrow, authorise(terms));
  }

  /** The data of the same call, for a wallet of one's choice. */
  public static String calldata(SessionKey terms) {
    return authorise(terms).data();
  }

  private static Call authorise(SessionKey terms) {
    return EscrowAbi.authorise(
        terms.account(), terms.key(), Words.wei(terms.capNanoOpen()), terms.expiresAtSeconds());
  }

  /**
   * The same for a depositor without gas, who signed {@link SessionKey#hash}.
   *
   * @return the transaction's hash
   */
  public String authoriseFor(Wallet relayer, SessionKey terms, byte[] signature)
      throws IOException {
    return relayer.transact(
        escrow,
        EscrowAbi.authoriseFor(
            terms.account(),
            terms.depositor(),
            terms.key(),
            Words.wei(terms.capNanoOpen()),
            terms.expiresAtSeconds(),
            signature));
  }

  /**
   * Brings vouchers to the chain, which pays what is new in them.
   *
   * @return the transaction's hash
   */
  public String settle(Wallet bringer, List<SignedVoucher> vouchers) throws IOException {
    return bringer.transact(escrow, settleCall(vouchers));
  }

  /** The call that brings vouchers to the chain. */
  static Call settleCall(List<SignedVoucher> vouchers) {
    return EscrowAbi.settleMany(vouchers.stream().map(VoucherContract::voucher).toList());
  }

  private static EscrowAbi.Voucher voucher(SignedVoucher signed) {
    Voucher voucher = signed.voucher();
    byte[] compact = signed.compact();
    return new EscrowAbi.Voucher(
        voucher.key(),
        voucher.pool().bytes(),
        Words.wei(voucher.cumulativeNanoOpen()),
        Digest.wrap(Arrays.copyOf(compact, WORD)),
        Digest.wrap(Arrays.copyOfRange(compact, WORD, 2 * WORD)));
  }

  /**
   * Ends the owner's key after a day, if it does not end sooner.
   *
   * @return the transaction's hash
   */
  public String revoke(Wallet owner, Address key) throws IOException {
    return owner.transact(escrow, EscrowAbi.revoke(key));
  }

  /**
   * Gives what an expired key left back to its depositor's balance.
   *
   * @return the transaction's hash
   */
  public String release(Wallet anybody, Address key) throws IOException {
    return anybody.transact(escrow, EscrowAbi.release(key));
  }
}

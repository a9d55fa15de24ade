package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.math.BigInteger;
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
  private static final String AUTHORISE = "authorise(bytes32,address,uint96,uint48)";
  private static final String AUTHORISE_FOR =
      "authoriseFor(bytes32,address,address,uint96,uint48,bytes)";
  private static final String SETTLE = "settleMany((address,bytes16,uint256,bytes32,bytes32)[])";
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
    return Words.nanoOpen(
        Words.uint(
            call(Call.of("available(bytes32,address)").bytes32(account).address(depositor)), 0));
  }

  /** A session key; empty if it was never authorised. */
  public Optional<Session> session(Address key) throws IOException {
    return session(key, ChainClient.Tag.LATEST);
  }

  /** The same as of that state. */
  public Optional<Session> session(Address key, ChainClient.Tag tag) throws IOException {
    String data = chain.call(escrow, Call.of("session(address)").address(key), tag);
    BigInteger cap = Words.uint(data, 0);
    if (cap.signum() == 0) {
      return Optional.empty();
    }
    var terms =
        new SessionKey(
            Words.digest(data, 5),
            Words.address(data, 4),
            key,
            Words.nanoOpen(cap),
            Words.uint(data, 2).longValueExact());
    return Optional.of(
        new Session(terms, Words.nanoOpen(Words.uint(data, 1)), Words.uint(data, 3).signum() != 0));
  }

  /** What vouchers of a key paid for the work of a pool. */
  public long spentNanoOpen(Address key, PoolId pool) throws IOException {
    return spentNanoOpen(key, pool, ChainClient.Tag.LATEST);
  }

  /** The same as of that state. */
  public long spentNanoOpen(Address key, PoolId pool, ChainClient.Tag tag) throws IOException {
    Call call = Call.of("spent(address,bytes16)").address(key).bytes16(pool.bytes());
    return Words.nanoOpen(Words.uint(chain.call(escrow, call, tag), 0));
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
    return Call.of(AUTHORISE)
        .bytes32(terms.account())
        .address(terms.key())
        .uint(Words.wei(terms.capNanoOpen()))
        .uint(terms.expiresAtSeconds());
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
        Call.of(AUTHORISE_FOR)
            .bytes32(terms.account())
            .address(terms.depositor())
            .address(terms.key())
            .uint(Words.wei(terms.capNanoOpen()))
            .uint(terms.expiresAtSeconds())
            .bytes(signature));
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
    // A list of tuples of static types: where it begins, how many there are, and their words.
    Call call = Call.of(SETTLE).uint(WORD).uint(vouchers.size());
    for (SignedVoucher signed : vouchers) {
      Voucher voucher = signed.voucher();
      byte[] compact = signed.compact();
      call.address(voucher.key())
          .bytes16(voucher.pool().bytes())
          .uint(Words.wei(voucher.cumulativeNanoOpen()))
          .bytes32(Digest.wrap(Arrays.copyOf(compact, WORD)))
          .bytes32(Digest.wrap(Arrays.copyOfRange(compact, WORD, 2 * WORD)));
    }
    return call;
  }

  /**
   * Ends the owner's key after a day, if it does not end sooner.
   *
   * @return the transaction's hash
   */
  public String revoke(Wallet owner, Address key) throws IOException {
    return owner.transact(escrow, Call.of("revoke(address)").address(key));
  }

  /**
   * Gives what an expired key left back to its depositor's balance.
   *
   * @return the transaction's hash
   */
  public String release(Wallet anybody, Address key) throws IOException {
    return anybody.transact(escrow, Call.of("release(address)").address(key));
  }

  private String call(Call call) throws IOException {
    return chain.call(escrow, call, ChainClient.Tag.LATEST);
  }
}

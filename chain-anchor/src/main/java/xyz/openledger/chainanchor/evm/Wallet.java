package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import xyz.openledger.chainanchor.outbox.Fees;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

/**
 * One account that does one thing after another and waits until each is mined: for setting a chain
 * up, and for people. What must survive a crash goes through the outbox instead. Who comes while
 * another thing is done waits for a minute at the longest.
 */
public final class Wallet {
  private static final long FEE_CAP_WEI = 100_000_000_000L;
  private static final long TIP_WEI = 1_000_000;

  /**
   * What the first write of a word costs beyond a later one (EIP-2929, 3529): a node may estimate
   * behind a transaction that has written it and then mine this one before that.
   */
  private static final long FIRST_WRITE_GAS = 17_100;

  private static final int POLLS_MAX = 600;
  private static final long POLL_MILLIS = 100;

  private final ChainClient chain;
  private final TransactionKey key;
  private final Sent sent;
  private final ReentrantLock turn = new ReentrantLock();

  /** What is done after a transaction was sent and before it is waited for. */
  @FunctionalInterface
  public interface Sent {
    /** A transaction has just been sent. */
    void run() throws IOException;
  }

  /** A wallet over {@code chain} with that key. */
  public Wallet(ChainClient chain, TransactionKey key) {
    this(chain, key, () -> {});
  }

  /** A wallet that does something after each sending: a development chain can be told to mine. */
  public Wallet(ChainClient chain, TransactionKey key, Sent sent) {
    this.chain = chain;
    this.key = key;
    this.sent = sent;
  }

  /** Whose wallet it is. */
  public Address address() {
    return key.address();
  }

  /**
   * Deposits OPEN for a tenant: allows the escrow to take it, and has it taken.
   *
   * @return the hash of the deposit's transaction
   */
  public String deposit(Contracts contracts, TenantId tenant, long nanoOpen) throws IOException {
    var wei = Words.wei(nanoOpen);
    transact(contracts.token(), OpenTokenAbi.approve(contracts.escrow(), wei));
    return transact(contracts.escrow(), EscrowAbi.deposit(tenant.account(), wei));
  }

  /** Whether the escrow takes the chain's own coin: where that is OPEN. */
  public boolean mayDepositCoin(Contracts contracts) throws IOException {
    try {
      chain.ask(contracts.escrow(), CoinEscrowAbi.isPaidInCoin(Digest.of(), address()));
      return true;
    } catch (RpcException none) {
      if (none.isRevert()) {
        return false;
      }
      throw none;
    }
  }

  /**
   * Deposits the chain's own coin for a tenant.
   *
   * @return the hash of the transaction
   */
  public String depositCoin(Contracts contracts, TenantId tenant, long nanoOpen)
      throws IOException {
    return transact(
        contracts.escrow(), Words.wei(nanoOpen), CoinEscrowAbi.depositCoin(tenant.account()));
  }

  /** Turns the chain's own coin into the token that stands for it, where OPEN is that coin. */
  public String wrap(Contracts contracts, long nanoOpen) throws IOException {
    return transact(contracts.token(), Words.wei(nanoOpen), WrappedOpenAbi.deposit());
  }

  /** Sends OPEN to an account. */
  public String transfer(Contracts contracts, Address to, long nanoOpen) throws IOException {
    return transact(contracts.token(), OpenTokenAbi.transfer(to, Words.wei(nanoOpen)));
  }

  /**
   * Has the distributor pay a payee what it may claim; anyone may do so for anyone.
   *
   * @param proof the way from the payee's leaf to the published root
   * @return the transaction's hash; empty, and nothing sent, if the last block has it paid already
   */
  public Optional<String> claim(
      Contracts contracts, Address payee, long cumulativeNanoOpen, List<Digest> proof)
      throws IOException {
    var wei = Words.wei(cumulativeNanoOpen);
    takeTurn();
    try {
      var before = chain.ask(contracts.distributor(), RewardDistributorAbi.claimed(payee));
      return before.compareTo(wei) >= 0
          ? Optional.empty()
          : Optional.of(
              transact(contracts.distributor(), RewardDistributorAbi.claim(payee, wei, proof)));
    } finally {
      turn.unlock();
    }
  }

  /** Allows a contract to take any amount of OPEN from this account. */
  public String approve(Contracts contracts, Address spender) throws IOException {
    return transact(
        contracts.token(),
        OpenTokenAbi.approve(spender, BigInteger.TWO.pow(256).subtract(BigInteger.ONE)));
  }

  String transact(Address to, Call call) throws IOException {
    return transact(to, BigInteger.ZERO, call);
  }

  String transact(Address to, BigInteger wei, Call call) throws IOException {
    takeTurn();
    try {
      if (!chain.hasCode(to)) {
        throw new IOException("there is no contract at " + to + " on this chain");
      }
      return mined(send(to.value(), wei, call.data())).get("transactionHash").asText();
    } finally {
      turn.unlock();
    }
  }

  /** Nonces follow each other only if one thing is done at a time. */
  private void takeTurn() throws IOException {
    try {
      if (!turn.tryLock(POLLS_MAX * POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "account %s is busy with other transactions; try again in a minute"
                .formatted(address()));
      }
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  Address create(Creation creation) throws IOException {
    JsonNode created = mined(send("", BigInteger.ZERO, creation.data()));
    return new Address(created.get("contractAddress").asText());
  }

  private String send(String to, BigInteger wei, String data) throws IOException {
    long gas = chain.estimate(key.address(), to, wei, data);
    Fees fees = fees();
    var transaction =
        new TransactionKey.Transaction(
            chain.nonce(key.address()),
            to,
            wei,
            data,
            gasLimit(gas),
            fees.maxFeeWei(),
            fees.tipWei());
    String hash = chain.send(key.sign(transaction).rawHex());
    sent.run();
    return hash;
  }

  private Fees fees() throws IOException {
    long base = chain.baseFeeWei();
    var fees = Fees.first(base, chain.suggestedTipWei(), TIP_WEI, FEE_CAP_WEI);
    if (base > FEE_CAP_WEI - fees.tipWei()) {
      throw new IOException(
          "the chain asks %d wei per gas and a tip of %d, above the %d that are paid at the most; try again when it is cheaper"
              .formatted(base, fees.tipWei(), FEE_CAP_WEI));
    }
    return fees;
  }

  /** With room for a state that is another by the time it is mined; unused gas is not paid. */
  private static long gasLimit(long estimated) {
    return estimated + estimated / 4 + FIRST_WRITE_GAS;
  }

  private JsonNode mined(String hash) throws IOException {
    for (int poll = 0; poll < POLLS_MAX; poll++) {
      JsonNode receipt = chain.receipt(hash);
      if (!receipt.isNull()) {
        if (Words.number(receipt.get("status")) != 1) {
          throw new IOException("transaction " + hash + " was mined and failed");
        }
        return receipt;
      }
      pause();
    }
    throw new IOException("transaction " + hash + " was not mined within a minute");
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private static IOException interrupted(InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted", interrupted);
  }
}

package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import xyz.openledger.chainanchor.accounts.ChainMoney;
import xyz.openledger.protocol.Address;

/** Reads what moved through our contracts, all as of one final block. */
public record MoneyReader(ChainClient chain, Contracts contracts) {
  /** How many blocks are read at a time. */
  private static final long BLOCKS_MAX = 5_000;

  /** Reads it as of the chain's last final block. */
  public ChainMoney read() throws IOException {
    long block = chain.head().finalNumber();
    String at = Words.quantity(block);
    var totals = chain.ask(contracts.escrow(), EscrowAbi.totals(), at);
    var claimed = chain.ask(contracts.distributor(), RewardDistributorAbi.totalClaimed(), at);
    var escrow = OpenTokenAbi.balanceOf(contracts.escrow());
    var distributor = OpenTokenAbi.balanceOf(contracts.distributor());
    return new ChainMoney(
        block,
        Words.nanoOpen(totals.deposited()),
        Words.nanoOpen(totals.withdrawn()),
        Words.nanoOpen(totals.funded()),
        Words.nanoOpen(claimed),
        Words.nanoOpen(chain.ask(contracts.token(), escrow, at)),
        Words.nanoOpen(chain.ask(contracts.token(), distributor, at)),
        deposits(block),
        claims(block));
  }

  private List<ChainMoney.Moved> deposits(long through) throws IOException {
    return all(
        contracts.escrow(),
        EscrowAbi.Deposited.TOPIC,
        through,
        log -> {
          var deposited = EscrowAbi.Deposited.of(log);
          return new ChainMoney.Moved(
              log.id(), log.block(), deposited.account().hex(), Words.nanoOpen(deposited.amount()));
        });
  }

  private List<ChainMoney.Moved> claims(long through) throws IOException {
    return all(
        contracts.distributor(),
        RewardDistributorAbi.Claimed.TOPIC,
        through,
        log -> {
          var claimed = RewardDistributorAbi.Claimed.of(log);
          return new ChainMoney.Moved(
              log.id(), log.block(), claimed.account().value(), Words.nanoOpen(claimed.amount()));
        });
  }

  private List<ChainMoney.Moved> all(
      Address contract,
      String topic,
      long through,
      Function<ChainClient.Log, ChainMoney.Moved> reading)
      throws IOException {
    var found = new ArrayList<ChainMoney.Moved>();
    for (long from = contracts.fromBlock(); from <= through; from += BLOCKS_MAX) {
      long to = Math.min(through, from + BLOCKS_MAX - 1);
      chain.logs(contract, topic, from, to).forEach(log -> found.add(reading.apply(log)));
    }
    return found;
  }
}

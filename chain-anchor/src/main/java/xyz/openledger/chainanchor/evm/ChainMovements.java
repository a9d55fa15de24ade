package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.protocol.TenantId;

/** Reads deposits and claims from final blocks, as commands for the books. */
public final class ChainMovements {
  /** How many blocks are read at a time. */
  private static final long BLOCKS_MAX = 5_000;

  private static final String DEPOSITED = EscrowAbi.Deposited.TOPIC;
  private static final String CLAIMED = RewardDistributorAbi.Claimed.TOPIC;

  private final ChainClient chain;
  private final Contracts contracts;
  private final Map<String, TenantId> tenants = new ConcurrentHashMap<>();
  private final Set<TenantId> newlyKnown = ConcurrentHashMap.newKeySet();

  /** What moved, and up to which final block was looked. */
  public record Found(List<LedgerCommand> commands, long throughBlock) {}

  /** Reads from {@code contracts}. */
  public ChainMovements(ChainClient chain, Contracts contracts) {
    this.chain = chain;
    this.contracts = contracts;
  }

  /**
   * Makes a tenant's account known: the chain names accounts by a hash alone. What was deposited
   * into it before is part of what is read next.
   */
  public void know(TenantId tenant) {
    if (tenants.put(account(tenant), tenant) == null) {
      newlyKnown.add(tenant);
    }
  }

  /** What moved in final blocks from {@code fromBlock} on, in the order of the chain. */
  public Found read(long fromBlock) throws IOException {
    long through = Math.min(chain.head().finalNumber(), fromBlock + BLOCKS_MAX - 1);
    if (through < fromBlock) {
      return new Found(List.of(), fromBlock - 1);
    }
    var late = Set.copyOf(newlyKnown);
    var logs = new ArrayList<>(depositedBefore(late, fromBlock));
    logs.addAll(chain.logs(contracts.escrow(), DEPOSITED, fromBlock, through));
    logs.addAll(chain.logs(contracts.distributor(), CLAIMED, fromBlock, through));
    logs.sort(Comparator.comparingLong(ChainClient.Log::block));
    var commands = new ArrayList<LedgerCommand>();
    for (ChainClient.Log log : logs) {
      if (log.topic().equals(CLAIMED)) {
        commands.add(claim(log));
      } else {
        deposit(log, commands);
      }
    }
    // Only now: what was found for them is lost if a question after it gets no answer.
    newlyKnown.removeAll(late);
    return new Found(List.copyOf(commands), through);
  }

  /** One walk for all of them: a member that starts anew hears of every tenant at once. */
  private List<ChainClient.Log> depositedBefore(Set<TenantId> late, long block) throws IOException {
    if (late.isEmpty()) {
      return List.of();
    }
    var accounts = late.stream().map(ChainMovements::account).collect(Collectors.toSet());
    var found = new ArrayList<ChainClient.Log>();
    for (long from = contracts.fromBlock(); from < block; from += BLOCKS_MAX) {
      long to = Math.min(block, from + BLOCKS_MAX) - 1;
      chain.logs(contracts.escrow(), DEPOSITED, from, to).stream()
          .filter(log -> accounts.contains(log.topics().get(1)))
          .forEach(found::add);
    }
    return found;
  }

  private static String account(TenantId tenant) {
    return "0x" + tenant.account().hex();
  }

  private void deposit(ChainClient.Log log, List<LedgerCommand> commands) {
    TenantId tenant = tenants.get(log.topics().get(1));
    if (tenant != null) {
      var deposited = EscrowAbi.Deposited.of(log);
      commands.add(
          new LedgerCommand.Deposit(
              tenant.value(),
              deposited.depositor().value(),
              Words.nanoOpen(deposited.amount()),
              contracts.escrow().value(),
              log.id(),
              log.block()));
    }
  }

  private LedgerCommand claim(ChainClient.Log log) {
    var claimed = RewardDistributorAbi.Claimed.of(log);
    return new LedgerCommand.Claim(
        claimed.account().value(),
        Words.nanoOpen(claimed.amount()),
        contracts.distributor().value(),
        log.id(),
        log.block());
  }
}

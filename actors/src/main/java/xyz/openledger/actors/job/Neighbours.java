package xyz.openledger.actors.job;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.pekko.actor.typed.RecipientRef;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;

/**
 * Whom a job partition talks to.
 *
 * @param directory what is known of all pools now
 * @param rules the governed values in force
 * @param checks checks products
 * @param blobBytes how long a blob is; 0 if it is not known
 * @param convictions keeps what convicts nodes
 */
public record Neighbours(
    RecipientRef<AccountsMessage> accounts,
    RecipientRef<LogMessage> log,
    Function<PoolId, RecipientRef<PoolMessage>> pools,
    Function<NodeId, RecipientRef<NodeMessage>> nodes,
    Supplier<List<PoolSummary>> directory,
    Supplier<GovernedRules> rules,
    ProductChecks checks,
    ToLongFunction<Digest> blobBytes,
    Convictions convictions) {

  /** Where nothing is kept that convicts nodes. */
  public Neighbours(
      RecipientRef<AccountsMessage> accounts,
      RecipientRef<LogMessage> log,
      Function<PoolId, RecipientRef<PoolMessage>> pools,
      Function<NodeId, RecipientRef<NodeMessage>> nodes,
      Supplier<List<PoolSummary>> directory,
      Supplier<GovernedRules> rules,
      ProductChecks checks,
      ToLongFunction<Digest> blobBytes) {
    this(accounts, log, pools, nodes, directory, rules, checks, blobBytes, Convictions.NONE);
  }

  /** Where nothing is known of blobs. */
  public Neighbours(
      RecipientRef<AccountsMessage> accounts,
      RecipientRef<LogMessage> log,
      Function<PoolId, RecipientRef<PoolMessage>> pools,
      Function<NodeId, RecipientRef<NodeMessage>> nodes,
      Supplier<List<PoolSummary>> directory,
      Supplier<GovernedRules> rules,
      ProductChecks checks) {
    this(accounts, log, pools, nodes, directory, rules, checks, _ -> 0);
  }

  /** Where nothing is governed, at a member that checks no products. */
  public Neighbours(
      RecipientRef<AccountsMessage> accounts,
      RecipientRef<LogMessage> log,
      Function<PoolId, RecipientRef<PoolMessage>> pools,
      Function<NodeId, RecipientRef<NodeMessage>> nodes,
      Supplier<List<PoolSummary>> directory) {
    this(accounts, log, pools, nodes, directory, () -> GovernedRules.NONE, ProductChecks.NONE);
  }
}

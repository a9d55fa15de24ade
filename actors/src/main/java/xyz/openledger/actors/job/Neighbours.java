package xyz.openledger.actors.job;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.RecipientRef;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;

/**
 * Whom a job partition talks to.
 *
 * @param directory what is known of all pools now
 * @param rules the governed values in force
 * @param checks checks products
 */
public record Neighbours(
    RecipientRef<AccountsMessage> accounts,
    RecipientRef<LogMessage> log,
    Function<PoolId, RecipientRef<PoolMessage>> pools,
    Function<NodeId, RecipientRef<NodeMessage>> nodes,
    Supplier<List<PoolSummary>> directory,
    Supplier<GovernedRules> rules,
    ProductChecks checks) {

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

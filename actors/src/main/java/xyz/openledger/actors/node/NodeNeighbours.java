package xyz.openledger.actors.node;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.RecipientRef;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;

/**
 * Whom a node's twin talks to, and what it must know.
 *
 * @param stored whether a long output has arrived in the blob store
 * @param grace how long a node may take to come back after this member has restarted
 * @param capacity how nodes are challenged again
 */
public record NodeNeighbours(
    Function<JobId, RecipientRef<JobMessage>> jobs,
    Function<PoolId, RecipientRef<PoolMessage>> pools,
    Challenge.Source challenges,
    Predicate<Digest> stored,
    Duration grace,
    CapacityChallenges capacity) {
  /** A twin that challenges its node once, when it joins. */
  public NodeNeighbours(
      Function<JobId, RecipientRef<JobMessage>> jobs,
      Function<PoolId, RecipientRef<PoolMessage>> pools,
      Challenge.Source challenges,
      Predicate<Digest> stored,
      Duration grace) {
    this(jobs, pools, challenges, stored, grace, CapacityChallenges.NONE);
  }
}

package xyz.openledger.actors.node;

import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;

/**
 * How a node is, for people.
 *
 * @param connected whether its stream is open
 * @param leased leases it holds
 * @param downgrade what it was found to do; absent where its claim is believed
 */
public record NodeView(
    @Nullable NodeIdentity identity,
    @Nullable NodeTerms terms,
    String standing,
    boolean connected,
    int leased,
    String transactionHash,
    long stakeNanoOpen,
    @Nullable Downgrade downgrade)
    implements MemberMessage {}

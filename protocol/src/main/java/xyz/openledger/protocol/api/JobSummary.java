package xyz.openledger.protocol.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A job in a list.
 *
 * @param problem why there is no result; absent if there is one, or none yet
 * @param detail the same as a sentence; empty or absent if there is no problem
 * @param spec {@code JobSpec.digest()}
 * @param receiptIndex of its leaf in the log; absent until it is there
 */
@Answer
public record JobSummary(
    JobId id,
    TenantId tenant,
    String name,
    Map<String, String> labels,
    JobState state,
    @Nullable Problem problem,
    @Nullable String detail,
    Digest spec,
    Policy.Objective objective,
    Policy.Verification verification,
    int taskCount,
    List<PoolId> pools,
    List<NodeId> nodes,
    @DecimalText long chargedNanoOpen,
    @Nullable Long receiptIndex,
    long submittedAtMillis,
    long changedAtMillis) {}

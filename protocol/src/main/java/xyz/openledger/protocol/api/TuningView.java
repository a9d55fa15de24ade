package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A training, as far as it has come.
 *
 * @param pieces those that are made, in their order
 * @param jobs that are under way
 * @param adapter its manifest, once it is there
 * @param servedAs under which name it is asked; absent until then
 * @param passes the probability that as many falsified pieces as one passed the checks: {@code
 *     C(n-1, q) / C(n, q)}; absent where nothing is drawn
 * @param problem why there is no adapter; absent if there is one, or none yet
 * @param chargedNanoOpen so far
 */
@Answer
public record TuningView(
    TuningId id,
    TenantId tenant,
    TuningState state,
    TuningRequest request,
    List<TuningPiece> pieces,
    List<JobId> jobs,
    @Nullable Digest adapter,
    @Nullable String servedAs,
    @Nullable Double passes,
    @Nullable Problem problem,
    String detail,
    @DecimalText long chargedNanoOpen,
    long startedAtMillis,
    long changedAtMillis) {}

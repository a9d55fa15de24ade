package xyz.openledger.cluster.http.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.JobState;

/**
 * Which jobs.
 *
 * @param tenant whose; absent for everyone's
 * @param state in this state; absent for any
 * @param labels that all fit
 */
public record JobQuery(
    @Nullable TenantId tenant,
    @Nullable JobState state,
    Map<String, String> labels,
    PageQuery page) {}

package xyz.openledger.pools;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Policy;

/**
 * All of a policy that decides whether a node may run a task: of one job, equal ones fit the same
 * nodes. Who keeps tasks apart (see {@link Spreading}) is not of it, nor is the class of the job's
 * data, which governance has turned into what it asks of nodes.
 */
public record Asked(
    List<String> regions,
    @Nullable Integer carbonGramsPerKwhMax,
    int reputationMin,
    @Nullable Integer roundTripMicrosMax,
    @Nullable Integer latencyP99MillisMax,
    @Nullable List<String> licences,
    Policy.@Nullable Attestation attestation,
    @Nullable String require,
    List<Policy.LabelRequirement> selector) {

  /** What {@code policy} asks. */
  public static Asked of(Policy policy) {
    Policy.Limits limits = policy.limits();
    return new Asked(
        limits.regions(),
        limits.carbonGramsPerKwhMax(),
        limits.reputationMin(),
        limits.roundTripMicrosMax(),
        limits.latencyP99MillisMax(),
        limits.licences(),
        policy.verification().attestation(),
        policy.require(),
        policy.labels());
  }
}

package xyz.openledger.pools;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Policy;

/** All of a policy that decides whether a node may run a task: equal ones fit the same nodes. */
public record Asked(
    List<String> regions,
    @Nullable Integer carbonGramsPerKwhMax,
    int reputationMin,
    @Nullable Integer roundTripMicrosMax,
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
        policy.require(),
        policy.labels());
  }
}

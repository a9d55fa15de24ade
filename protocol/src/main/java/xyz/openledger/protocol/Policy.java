package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.json.DecimalText;
import xyz.openledger.protocol.json.ZeroIfAbsent;

/**
 * What a requester wants of the network, instead of a provider's name: what to prefer, what must
 * hold, how the result is to be trusted.
 */
public record Policy(
    Objective objective, Limits limits, Verification verification, Capacity capacity) {

  /** Fills in what was left out: no preference but cost, on demand. */
  public Policy(
      @Nullable Objective objective,
      @Nullable Limits limits,
      @Nullable Verification verification,
      @Nullable Capacity capacity) {
    this.objective = objective == null ? new Objective(null) : objective;
    this.limits = Check.present("limits", limits);
    this.verification = Check.present("verification", verification);
    this.capacity = capacity == null ? Capacity.ON_DEMAND : capacity;
    if (this.capacity != Capacity.ON_DEMAND) {
      throw Check.refusal("capacity", "only on-demand capacity is offered so far");
    }
  }

  /** What to prefer among the nodes that may run the job. */
  public record Objective(Weights weights) {
    /** Prefers what is cheap if nothing is said. */
    public Objective(@Nullable Weights weights) {
      this.weights = weights == null ? Weights.CHEAPEST : weights;
    }
  }

  /** How much each preference counts, 0 to 100; at least one is above 0. */
  public record Weights(
      @ZeroIfAbsent int cost,
      @ZeroIfAbsent int latency,
      @ZeroIfAbsent int reliability,
      @ZeroIfAbsent int carbon) {
    static final Weights CHEAPEST = new Weights(100, 0, 0, 0);

    /** Checks the ranges. */
    public Weights {
      Check.range("cost", cost, 0, 100);
      Check.range("latency", latency, 0, 100);
      Check.range("reliability", reliability, 0, 100);
      Check.range("carbon", carbon, 0, 100);
      Check.range(
          "cost + latency + reliability + carbon", cost + latency + reliability + carbon, 1, 400);
    }
  }

  /**
   * What must hold.
   *
   * @param priceMaxNanoOpen the most the whole job may cost, in 10^-9 OPEN; held in escrow before
   *     anything runs
   * @param deadlineMillis from submission to the last verified result
   * @param regions where nodes may be, by declared region; empty for anywhere
   * @param carbonGramsPerKwhMax the dirtiest declared grid allowed; absent for any
   * @param reputationMin the least reputation a node may have, 0 to 10,000; 0 if it is left out
   */
  public record Limits(
      @DecimalText long priceMaxNanoOpen,
      long deadlineMillis,
      List<String> regions,
      @Nullable Integer carbonGramsPerKwhMax,
      @ZeroIfAbsent int reputationMin) {
    private static final long PRICE_MAX = 1_000_000_000_000_000_000L;
    private static final int REGIONS_MAX = 32;

    /** Checks the ranges. */
    public Limits(
        @DecimalText long priceMaxNanoOpen,
        long deadlineMillis,
        @Nullable List<String> regions,
        @Nullable Integer carbonGramsPerKwhMax,
        @ZeroIfAbsent int reputationMin) {
      this.priceMaxNanoOpen = Check.range("priceMaxNanoOpen", priceMaxNanoOpen, 1, PRICE_MAX);
      this.deadlineMillis = Check.range("deadlineMillis", deadlineMillis, 100, 7 * 86_400_000L);
      this.regions =
          regions == null ? List.of() : List.copyOf(Check.size("regions", regions, 0, REGIONS_MAX));
      for (int i = 0; i < this.regions.size(); i++) {
        Check.text("regions[" + i + "]", this.regions.get(i), 32);
      }
      this.carbonGramsPerKwhMax = carbonGramsPerKwhMax;
      if (carbonGramsPerKwhMax != null) {
        Check.range("carbonGramsPerKwhMax", carbonGramsPerKwhMax, 0, 100_000);
      }
      this.reputationMin = Check.range("reputationMin", reputationMin, 0, 10_000);
    }
  }

  /** How the result is to be trusted. */
  public record Verification(Method method, Parameters parameters) {
    /** Checks that the parameters fit the method. */
    public Verification(Method method, @Nullable Parameters parameters) {
      this.method = Check.present("method", method);
      this.parameters = parameters == null ? Parameters.of(method) : parameters;
      if (method == Method.TRUSTED && this.parameters.agreement() != 1) {
        throw Check.refusal("parameters.agreement", "trusted takes the first answer: must be 1");
      }
      if (method == Method.QUORUM && this.parameters.agreement() < 2) {
        throw Check.refusal("parameters.agreement", "a quorum is at least 2");
      }
    }
  }

  /** The methods of verification that the network knows. */
  public enum Method {
    /** One node's word, signed. */
    @JsonProperty("trusted")
    TRUSTED,
    /** Equal answers of several owners, committed to before any is shown. */
    @JsonProperty("quorum")
    QUORUM
  }

  /**
   * How many must agree, and how far to go for it.
   *
   * @param agreement equal outcomes, of distinct owners, that make a result; 1 to 7
   * @param replicasMax leases of one task at the most, lost ones not counted; {@code agreement} to
   *     15
   */
  public record Parameters(int agreement, int replicasMax) {
    /** Checks the ranges. */
    public Parameters {
      Check.range("agreement", agreement, 1, 7);
      Check.range("replicasMax", replicasMax, agreement, 15);
    }

    static Parameters of(Method method) {
      return method == Method.TRUSTED ? new Parameters(1, 1) : new Parameters(2, 5);
    }
  }

  /** What kind of capacity. */
  public enum Capacity {
    /** Interruptible, at the market's price. */
    @JsonProperty("spot")
    SPOT,
    /** At the node's posted price. */
    @JsonProperty("on-demand")
    ON_DEMAND,
    /** Bought ahead. */
    @JsonProperty("reserved")
    RESERVED
  }
}

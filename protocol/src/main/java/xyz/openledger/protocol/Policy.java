package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.json.DecimalText;
import xyz.openledger.protocol.json.ZeroIfAbsent;

/**
 * What a requester wants of the network, instead of a provider's name: what to prefer, what must
 * hold, how the result is to be trusted.
 *
 * @param require an expression of CEL that must hold of a node; absent for none
 * @param prefer a further preference beside those of {@code objective}; absent for none
 * @param selector what the labels of a node must be, all of it; absent for anything
 * @param shift that the job may wait for a cleaner grid; absent for a start as soon as it can
 * @param spread how far apart the replicas of a task should be; absent for distinct owners alone
 */
public record Policy(
    Objective objective,
    Limits limits,
    Verification verification,
    Capacity capacity,
    @Nullable String require,
    @Nullable Preference prefer,
    @Nullable List<LabelRequirement> selector,
    @Nullable Shift shift,
    @Nullable Spread spread) {
  /** The longest expression. */
  public static final int EXPRESSION_LETTERS_MAX = 2_048;

  static final int SELECTOR_MAX = 16;

  /** Fills in what was left out: no preference but cost, adaptive, on demand, any node. */
  public Policy(
      @Nullable Objective objective,
      @Nullable Limits limits,
      @Nullable Verification verification,
      @Nullable Capacity capacity,
      @Nullable String require,
      @Nullable Preference prefer,
      @Nullable List<LabelRequirement> selector,
      @Nullable Shift shift,
      @Nullable Spread spread) {
    this.objective = objective == null ? new Objective(null) : objective;
    this.limits = Check.present("limits", limits);
    this.verification =
        verification == null ? new Verification(Method.ADAPTIVE, null) : verification;
    this.capacity = capacity == null ? Capacity.ON_DEMAND : capacity;
    this.require = require == null ? null : expression("require", require);
    this.prefer = prefer;
    this.selector =
        selector == null ? null : List.copyOf(Check.size("selector", selector, 1, SELECTOR_MAX));
    this.shift = shift;
    this.spread = spread;
    if (shift != null && this.objective.weights().carbon() == 0) {
      throw Check.refusal(
          "shift", "waits for a cleaner grid, but objective.weights.carbon is 0; weigh carbon");
    }
  }

  /** A policy that neither waits for a cleaner grid nor spreads its replicas. */
  public Policy(
      @Nullable Objective objective,
      @Nullable Limits limits,
      @Nullable Verification verification,
      @Nullable Capacity capacity,
      @Nullable String require,
      @Nullable Preference prefer,
      @Nullable List<LabelRequirement> selector) {
    this(objective, limits, verification, capacity, require, prefer, selector, null, null);
  }

  /** A policy without expressions and labels. */
  public Policy(
      @Nullable Objective objective,
      @Nullable Limits limits,
      @Nullable Verification verification,
      @Nullable Capacity capacity) {
    this(objective, limits, verification, capacity, null, null, null);
  }

  /** The same policy for another kind of capacity. */
  public Policy withCapacity(Capacity kind) {
    return new Policy(
        objective, limits, verification, kind, require, prefer, selector, shift, spread);
  }

  /** The same policy, which asks that of the labels of nodes besides. */
  public Policy withLabel(LabelRequirement label) {
    var all = new ArrayList<>(labels());
    all.add(label);
    return new Policy(
        objective, limits, verification, capacity, require, prefer, all, shift, spread);
  }

  /** What the labels of a node must be; empty for anything. */
  public List<LabelRequirement> labels() {
    return selector == null ? List.of() : selector;
  }

  private static String expression(String field, String source) {
    if (Check.text(field, source, EXPRESSION_LETTERS_MAX).isBlank()) {
      throw Check.refusal(field, "is empty; leave it out for no condition");
    }
    return source;
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
   * A preference in the requester's own words.
   *
   * @param score an expression of CEL for a whole number from 0 to 10,000, the more the better
   * @param weight how much it counts beside the weights of the objective, 1 to 100
   */
  public record Preference(String score, int weight) {
    /** Checks the ranges. */
    public Preference {
      expression("score", Check.present("score", score));
      Check.range("weight", weight, 1, 100);
    }
  }

  /**
   * That a job may wait for an hour with a cleaner grid. How much that is worth beside the wait is
   * for the weights of carbon and latency to say.
   *
   * @param savesMilligramsMin the least that a replica must save, in 10^-3 g CO2e; less is not
   *     waited for
   * @param withinMillis from submission, the latest start; absent for as late as the deadline lets
   */
  public record Shift(@ZeroIfAbsent int savesMilligramsMin, @Nullable Long withinMillis) {
    /** Checks the ranges. */
    public Shift {
      Check.range("savesMilligramsMin", savesMilligramsMin, 0, 1_000_000_000);
      if (withinMillis != null) {
        Check.range("withinMillis", withinMillis, 1, 7 * 86_400_000L);
      }
    }
  }

  /**
   * How far apart the replicas of a task should be.
   *
   * @param by what they should not share
   * @param required whether a replica rather waits than shares it; absent or false: it is only
   *     preferred
   */
  public record Spread(By by, @Nullable Boolean required) {
    /** Checks that it says what by. */
    public Spread {
      Check.present("by", by);
    }

    /** Whether a replica rather waits than shares it. */
    public boolean hard() {
      return Boolean.TRUE.equals(required);
    }

    /** What replicas should not share. */
    public enum By {
      /** The declared region. */
      @JsonProperty("region")
      REGION,
      /** The label {@code failureDomain} of the node, such as a rack or a power feed. */
      @JsonProperty("failureDomain")
      FAILURE_DOMAIN
    }
  }

  /**
   * What a label of a node must be, as in label selectors of Kubernetes.
   *
   * @param values of {@link Operator#IN} and {@link Operator#NOT_IN}; absent for the others
   */
  public record LabelRequirement(String key, Operator operator, @Nullable List<String> values) {
    private static final int LETTERS_MAX = 63;
    private static final int VALUES_MAX = 32;

    /** Checks that the values fit the operator. */
    public LabelRequirement(
        @Nullable String key, @Nullable Operator operator, @Nullable List<String> values) {
      this.key = Check.text("key", key, LETTERS_MAX);
      this.operator = Check.present("operator", operator);
      this.values = values == null || values.isEmpty() ? null : List.copyOf(values);
      if (this.operator.takesValues() != (this.values != null)) {
        throw Check.refusal(
            "values",
            this.operator.takesValues()
                ? "is missing; " + this.operator.word() + " compares with values"
                : this.operator.word() + " takes none; leave it out");
      }
      for (String value : Check.size("values", among(), 0, VALUES_MAX)) {
        Check.text("values", value, LETTERS_MAX);
      }
    }

    /** The values; empty where the operator takes none. */
    public List<String> among() {
      return values == null ? List.of() : values;
    }
  }

  /** How a label is looked at. */
  public enum Operator {
    /** It is there, with one of the values. */
    @JsonProperty("In")
    IN("In"),
    /** It is not there, or with another value. */
    @JsonProperty("NotIn")
    NOT_IN("NotIn"),
    /** It is there. */
    @JsonProperty("Exists")
    EXISTS("Exists"),
    /** It is not there. */
    @JsonProperty("DoesNotExist")
    DOES_NOT_EXIST("DoesNotExist");

    private final String word;

    Operator(String word) {
      this.word = word;
    }

    /** Its name in policies. */
    public String word() {
      return word;
    }

    boolean takesValues() {
      return this == IN || this == NOT_IN;
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
   * @param roundTripMicrosMax the longest round trip of the smallest task that a node's benchmark
   *     may have measured; absent for any
   * @param dataClass how sensitive the input is: nodes that do not meet what that class asks never
   *     see it; absent for data that anybody may see
   * @param latencyP99MillisMax what 99 of 100 results of a node in work of that size may take at
   *     most, from lease to result; absent for any
   * @param licences SPDX identifiers of the licences that models and adapters which the job uses
   *     may be under, each with its exception if it has one; absent for any
   */
  public record Limits(
      @DecimalText long priceMaxNanoOpen,
      long deadlineMillis,
      List<String> regions,
      @Nullable Integer carbonGramsPerKwhMax,
      @ZeroIfAbsent int reputationMin,
      @Nullable Integer roundTripMicrosMax,
      @Nullable DataClass dataClass,
      @Nullable Integer latencyP99MillisMax,
      @Nullable List<String> licences) {
    private static final long PRICE_MAX = 1_000_000_000_000_000_000L;
    private static final int REGIONS_MAX = 32;
    private static final int LICENCES_MAX = 32;
    private static final int LATENCY_MILLIS_MAX = 7 * 86_400_000;

    /** Checks the ranges. */
    public Limits(
        @DecimalText long priceMaxNanoOpen,
        long deadlineMillis,
        @Nullable List<String> regions,
        @Nullable Integer carbonGramsPerKwhMax,
        @ZeroIfAbsent int reputationMin,
        @Nullable Integer roundTripMicrosMax,
        @Nullable DataClass dataClass,
        @Nullable Integer latencyP99MillisMax,
        @Nullable List<String> licences) {
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
      this.roundTripMicrosMax = roundTripMicrosMax;
      if (roundTripMicrosMax != null) {
        Check.range("roundTripMicrosMax", roundTripMicrosMax, 1, Integer.MAX_VALUE);
      }
      this.dataClass = dataClass;
      this.latencyP99MillisMax = latencyP99MillisMax;
      if (latencyP99MillisMax != null) {
        Check.range("latencyP99MillisMax", latencyP99MillisMax, 1, LATENCY_MILLIS_MAX);
      }
      this.licences =
          licences == null ? null : List.copyOf(Check.size("licences", licences, 1, LICENCES_MAX));
      for (int i = 0; licences != null && i < licences.size(); i++) {
        Licence.checkOne("licences[" + i + "]", licences.get(i));
      }
    }

    /** Limits that say nothing of latency and licences. */
    public Limits(
        long priceMaxNanoOpen,
        long deadlineMillis,
        @Nullable List<String> regions,
        @Nullable Integer carbonGramsPerKwhMax,
        int reputationMin,
        @Nullable Integer roundTripMicrosMax,
        @Nullable DataClass dataClass) {
      this(
          priceMaxNanoOpen,
          deadlineMillis,
          regions,
          carbonGramsPerKwhMax,
          reputationMin,
          roundTripMicrosMax,
          dataClass,
          null,
          null);
    }

    /** The same for another price, and until another deadline. */
    public Limits costing(long nanoOpen, long millis) {
      return new Limits(
          nanoOpen,
          millis,
          regions,
          carbonGramsPerKwhMax,
          reputationMin,
          roundTripMicrosMax,
          dataClass,
          latencyP99MillisMax,
          licences);
    }

    /** The same in other places, for nodes of at least that reputation. */
    public Limits within(List<String> others, int reputation) {
      return new Limits(
          priceMaxNanoOpen,
          deadlineMillis,
          others,
          carbonGramsPerKwhMax,
          reputation,
          roundTripMicrosMax,
          dataClass,
          latencyP99MillisMax,
          licences);
    }

    /** Limits of data that anybody may see. */
    public Limits(
        long priceMaxNanoOpen,
        long deadlineMillis,
        @Nullable List<String> regions,
        @Nullable Integer carbonGramsPerKwhMax,
        int reputationMin,
        @Nullable Integer roundTripMicrosMax) {
      this(
          priceMaxNanoOpen,
          deadlineMillis,
          regions,
          carbonGramsPerKwhMax,
          reputationMin,
          roundTripMicrosMax,
          null);
    }

    /** Limits that say nothing of the round trip. */
    public Limits(
        long priceMaxNanoOpen,
        long deadlineMillis,
        @Nullable List<String> regions,
        @Nullable Integer carbonGramsPerKwhMax,
        int reputationMin) {
      this(priceMaxNanoOpen, deadlineMillis, regions, carbonGramsPerKwhMax, reputationMin, null);
    }
  }

  /**
   * How the result is to be trusted.
   *
   * @param errorMaxPartsPerMillion of {@link Method#ADAPTIVE}: how often a result may be wrong, of
   *     a million; absent for the other methods
   * @param trust of {@link Method#TRUST}: a result stands once its group outweighs all else {@code
   *     trust - 1} times; absent for the other methods
   * @param tolerance how far outputs may lie apart; absent for not at all
   * @param answersFirst whether the first answer is given before it is verified, and verified then;
   *     absent or false: nobody sees it before
   * @param attestation of {@link Method#TEE}: which chips and programs count; absent for the other
   *     methods
   */
  public record Verification(
      Method method,
      Parameters parameters,
      @Nullable Integer errorMaxPartsPerMillion,
      @Nullable Integer trust,
      @Nullable Tolerance tolerance,
      @Nullable Boolean answersFirst,
      @Nullable Attestation attestation) {
    private static final int ERROR_USUAL_PARTS_PER_MILLION = 10_000;

    /** Fills in what was left out, and checks that the parameters fit the method. */
    public Verification(
        Method method,
        @Nullable Parameters parameters,
        @Nullable Integer errorMaxPartsPerMillion,
        @Nullable Integer trust,
        @Nullable Tolerance tolerance,
        @Nullable Boolean answersFirst,
        @Nullable Attestation attestation) {
      this.method = Check.present("method", method);
      this.parameters = parameters == null ? Parameters.of(method) : parameters;
      this.errorMaxPartsPerMillion =
          method == Method.ADAPTIVE && errorMaxPartsPerMillion == null
              ? (Integer) ERROR_USUAL_PARTS_PER_MILLION
              : errorMaxPartsPerMillion;
      this.trust = trust;
      this.tolerance = tolerance;
      this.answersFirst = answersFirst;
      this.attestation = attestation;
      VerificationChecks.check(this);
    }

    /**
     * Whether what is accepted was held against other outcomes, or checked, to the last bit. Not
     * within a tolerance or by the nearness of activations: there honest nodes differ. Nor on one
     * node's word, which nothing was held against: tasks whose bits depend on the machine are taken
     * under these methods.
     */
    public boolean comparesBits() {
      return tolerance == null
          && switch (method) {
            case TRUSTED, TEE, TOPLOC -> false;
            case QUORUM, ADAPTIVE, TRUST, FREIVALDS, SUMCHECK, DISPUTE, ZK -> true;
          };
    }

    /** Whether answers that differ in bits may both be accepted. */
    public boolean toleratesDifference() {
      return tolerance != null || method == Method.TOPLOC;
    }

    /** A method that looks at no chip. */
    public Verification(
        Method method,
        @Nullable Parameters parameters,
        @Nullable Integer errorMaxPartsPerMillion,
        @Nullable Integer trust,
        @Nullable Tolerance tolerance,
        @Nullable Boolean answersFirst) {
      this(method, parameters, errorMaxPartsPerMillion, trust, tolerance, answersFirst, null);
    }

    /** A method that shows nothing before it is verified. */
    public Verification(
        Method method,
        @Nullable Parameters parameters,
        @Nullable Integer errorMaxPartsPerMillion,
        @Nullable Integer trust,
        @Nullable Tolerance tolerance) {
      this(method, parameters, errorMaxPartsPerMillion, trust, tolerance, null);
    }

    /** A method with its usual numbers. */
    public Verification(Method method, @Nullable Parameters parameters) {
      this(method, parameters, null, null, null, null, null);
    }

    /** Whether the first answer is given before it is verified. */
    public boolean givesFirstAnswer() {
      return Boolean.TRUE.equals(answersFirst);
    }

    /** Whether one node's words may be shown while it still says them. */
    public boolean streams() {
      return givesFirstAnswer() || (method == Method.TRUSTED && parameters.agreement() == 1);
    }
  }

  /** The methods of verification that the network knows. */
  public enum Method {
    /** One node's word, signed. */
    @JsonProperty("trusted")
    TRUSTED,
    /** Equal answers of several owners, committed to before any is shown. */
    @JsonProperty("quorum")
    QUORUM,
    /** As many equal answers as it takes for the error allowed, by what the nodes have shown. */
    @JsonProperty("adaptive")
    ADAPTIVE,
    /** Equal answers that outweigh all others, by the weight rule of Proof of Contribution. */
    @JsonProperty("trust")
    TRUST,
    /** One node's integer products, checked by random combinations of them. */
    @JsonProperty("freivalds")
    FREIVALDS,
    /** One node's integer products, each shown by a short proof of its own. */
    @JsonProperty("sumcheck")
    SUMCHECK,
    /** Equal answers of several owners; where they differ, the dispute between them decides. */
    @JsonProperty("dispute")
    DISPUTE,
    /** Proofs about a private model, which the job carries. */
    @JsonProperty("zk")
    ZK,
    /** One node's answer, with what its chip signed about it. */
    @JsonProperty("tee")
    TEE,
    /** One node's answer of a language model, whose activations are computed again: statistical. */
    @JsonProperty("toploc")
    TOPLOC
  }

  /**
   * How many must agree, and how far to go for it.
   *
   * @param agreement equal outcomes, of distinct owners, that make a result, or without which none
   *     is made; 1 to 7
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
      return switch (method) {
        case TRUSTED -> new Parameters(1, 1);
        case QUORUM -> new Parameters(2, 5);
        case ADAPTIVE -> new Parameters(1, 9);
        case TRUST -> new Parameters(1, 15);
        case FREIVALDS, SUMCHECK, ZK, TEE, TOPLOC -> new Parameters(1, 5);
        case DISPUTE -> new Parameters(2, 5);
      };
    }
  }

  /**
   * Whose chips may vouch for an answer, and for which programs. A root with {@code SIMULATED} in
   * its name counts if it is listed, and is called simulated wherever its evidence is shown.
   *
   * @param roots digests of the root certificates' DER; 1 to 8
   * @param measurements of the programs that may run, lower-case hex of 48 bytes; 1 to 32
   * @param securityVersionsMin the least of each security version, in the platform's order; absent
   *     for any
   */
  public record Attestation(
      List<Digest> roots, List<String> measurements, @Nullable List<Integer> securityVersionsMin) {
    private static final Pattern MEASUREMENT = Pattern.compile("[0-9a-f]{96}");
    private static final int VERSIONS_MAX = 16;

    /** Checks the ranges; keeps its own copies. */
    public Attestation {
      roots = List.copyOf(Check.size("roots", Check.present("roots", roots), 1, 8));
      measurements =
          List.copyOf(
              Check.size("measurements", Check.present("measurements", measurements), 1, 32));
      for (int i = 0; i < measurements.size(); i++) {
        if (!MEASUREMENT.matcher(measurements.get(i)).matches()) {
          throw Check.refusal("measurements[" + i + "]", "must be " + MEASUREMENT.pattern());
        }
      }
      if (securityVersionsMin != null) {
        securityVersionsMin =
            List.copyOf(Check.size("securityVersionsMin", securityVersionsMin, 1, VERSIONS_MAX));
        securityVersionsMin.forEach(it -> Check.range("securityVersionsMin", it, 0, 255));
      }
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

package xyz.openledger.pools.governance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.DataClass;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.FeeSplit;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.DecimalText;
import xyz.openledger.protocol.json.Json;

/**
 * What was decided by vote for one epoch, as data. Pure: the same rules say the same of the same
 * job.
 *
 * @param epoch 1 or above, and above that of the rules before; 0 where nothing is governed
 * @param weightFloors how much each preference of every policy counts at least
 * @param priceMaxNanoOpen the highest price limit of any job
 * @param deadlineMillisMax the longest deadline of any job
 * @param regionsForbidden where nothing may run
 * @param classes what holds for single classes of work
 * @param feeSplit who gets how much of each price
 * @param feePayees to which address the parts for {@code platform}, {@code model}, {@code stakers}
 *     and {@code data} go; a part without one waits, but the platform's is the operator's
 * @param dataClasses what data of each class ask of nodes; {@link DataRule#usual} for a class that
 *     is not there
 * @param inFlight what becomes of jobs of the time before; grandfathered if it is left out
 * @param vectors what the rules must say of some jobs, to whoever is to enforce them
 */
public record GovernedRules(
    long epoch,
    @Nullable Floors weightFloors,
    @Nullable @DecimalText Long priceMaxNanoOpen,
    @Nullable Long deadlineMillisMax,
    @Nullable List<String> regionsForbidden,
    @Nullable List<ClassRule> classes,
    @Nullable FeeSplit feeSplit,
    @Nullable Map<String, Address> feePayees,
    @Nullable List<DataRule> dataClasses,
    @Nullable InFlight inFlight,
    @Nullable List<RuleVector> vectors) {
  /** Nothing is governed. */
  public static final GovernedRules NONE =
      new GovernedRules(0, null, null, null, null, null, null, null, null, null, null);

  /** The longest form of rules, in bytes of canonical JSON. */
  public static final int BYTES_MAX = 64 << 10;

  static final String WASM = "wasm";
  static final String MATMUL = "matmul";
  static final String INFERENCE = "inference";
  static final String FINETUNE = "finetune";
  static final String ONNX = "onnx";
  static final String PRIVATE_MODEL = "private-model";
  static final List<String> KINDS = List.of(WASM, MATMUL, INFERENCE, FINETUNE, ONNX, PRIVATE_MODEL);

  private static final long EPOCH_MAX = (1L << 53) - 1;
  private static final List<String> PARTS = List.of("platform", "model", "stakers", "data");
  private static final int REGIONS_MAX = 64;
  private static final int CLASSES_MAX = 64;
  private static final int VECTORS_MAX = 64;

  /** Checks the ranges. */
  public GovernedRules {
    Check.range("epoch", epoch, 0, EPOCH_MAX);
    caps(priceMaxNanoOpen, deadlineMillisMax);
    regionsForbidden = regionsForbidden == null ? null : regions(regionsForbidden);
    if (classes != null) {
      classes = List.copyOf(Check.size("classes", classes, 0, CLASSES_MAX));
      Set<String> names = new HashSet<>();
      for (int i = 0; i < classes.size(); i++) {
        if (!names.add(classes.get(i).name())) {
          throw Check.refusal(
              "classes[%d].name".formatted(i), "stands here twice: " + classes.get(i).name());
        }
      }
    }
    if (feePayees != null) {
      feePayees = Map.copyOf(feePayees);
      for (String part : feePayees.keySet()) {
        if (!PARTS.contains(part)) {
          throw Check.refusal(
              "feePayees", "has no part %s: %s".formatted(part, String.join(", ", PARTS)));
        }
      }
    }
    dataClasses = dataClasses == null ? null : rows(dataClasses);
    vectors = vectors == null ? null : List.copyOf(Check.size("vectors", vectors, 0, VECTORS_MAX));
  }

  private static List<DataRule> rows(List<DataRule> rows) {
    Set<DataClass> seen = new HashSet<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!seen.add(rows.get(i).dataClass())) {
        throw Check.refusal(
            "dataClasses[%d].dataClass".formatted(i),
            "stands here twice: " + rows.get(i).dataClass().word());
      }
    }
    return List.copyOf(rows);
  }

  /** What data of a class ask of nodes. */
  public DataRule data(DataClass of) {
    return (dataClasses == null ? List.<DataRule>of() : dataClasses)
        .stream().filter(row -> row.dataClass() == of).findFirst().orElse(DataRule.usual(of));
  }

  static void caps(@Nullable Long priceMaxNanoOpen, @Nullable Long deadlineMillisMax) {
    if (priceMaxNanoOpen != null) {
      Check.range("priceMaxNanoOpen", priceMaxNanoOpen, 1, 1_000_000_000_000_000_000L);
    }
    if (deadlineMillisMax != null) {
      Check.range("deadlineMillisMax", deadlineMillisMax, 100, 7 * 86_400_000L);
    }
  }

  static List<String> regions(List<String> regions) {
    Check.size("regionsForbidden", regions, 0, REGIONS_MAX);
    for (int i = 0; i < regions.size(); i++) {
      Check.text("regionsForbidden[" + i + "]", regions.get(i), 32);
    }
    return List.copyOf(regions);
  }

  /**
   * Reads rules.
   *
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request} with the path of the
   *     field that is wrong
   */
  public static GovernedRules read(byte[] json) {
    if (json.length > BYTES_MAX) {
      throw Check.refusal(
          "", "rules may have %d bytes, these have %d".formatted(BYTES_MAX, json.length));
    }
    GovernedRules rules = Json.read(json, GovernedRules.class);
    Check.range("epoch", rules.epoch, 1, EPOCH_MAX);
    return rules;
  }

  /** The RFC 8785 form, as UTF-8. */
  public byte[] canonical() {
    return Json.canonical(this);
  }

  /** SHA-256 of the canonical form; {@link Receipt#NO_RULES} where nothing is governed. */
  public Digest hash() {
    return epoch == 0 ? Receipt.NO_RULES : Digest.of(canonical());
  }

  /** The single classes; empty if there are none. */
  public List<ClassRule> classRules() {
    return classes == null ? List.of() : classes;
  }

  /** The tests that travel with them; empty if there are none. */
  public List<RuleVector> testVectors() {
    return vectors == null ? List.of() : vectors;
  }

  /** To whom parts of prices go; empty if that is not governed. */
  public Map<String, Address> payees() {
    return feePayees == null ? Map.of() : feePayees;
  }

  /** Whether jobs of the time before that they refuse are cancelled while nothing of them runs. */
  public boolean drains() {
    return inFlight == InFlight.DRAINED;
  }

  /** What they say of a job. */
  public Ruling rule(JobSpec spec) {
    Floors floors = weightFloors == null ? Floors.NONE : weightFloors;
    Set<String> forbidden = new LinkedHashSet<>(orEmpty(regionsForbidden));
    var of = new ArrayList<String>();
    var isolated = new ArrayList<String>();
    int priority = Governed.ITS_OWN;
    Ruling.Refused refused = over("every job", priceMaxNanoOpen, deadlineMillisMax, null, spec);
    for (ClassRule rule : classRules()) {
      if (!rule.covers(spec)) {
        continue;
      }
      String who = "work of class " + rule.name();
      if (rule.ruling() == ClassRule.Ruling.BANNED) {
        return new Ruling.Refused("", "governance epoch %d bans %s".formatted(epoch, who));
      }
      if (refused == null) {
        refused =
            over(who, rule.priceMaxNanoOpen(), rule.deadlineMillisMax(), rule.agreementMin(), spec);
      }
      of.add(rule.name());
      if (rule.ruling() == ClassRule.Ruling.ISOLATED) {
        isolated.add(rule.name());
      }
      Integer said = rule.priority();
      priority = priority == Governed.ITS_OWN && said != null ? said : priority;
      forbidden.addAll(orEmpty(rule.regionsForbidden()));
    }
    List<String> regions = spec.policy().limits().regions();
    if (refused == null && !regions.isEmpty() && forbidden.containsAll(regions)) {
      refused =
          new Ruling.Refused(
              "policy.limits.regions",
              "governance epoch %d forbids every region that the policy allows: %s"
                  .formatted(epoch, String.join(", ", regions)));
    }
    DataClass shown = spec.policy().limits().dataClass();
    DataRule data = shown == null ? null : data(shown);
    String lacking = data == null ? null : data.lacking(spec.policy()).orElse(null);
    if (refused == null && lacking != null) {
      refused = new Ruling.Refused("policy.limits.dataClass", lacking);
    }
    return refused != null
        ? refused
        : new Ruling.Admitted(
            new Governed(of, isolated, List.copyOf(forbidden), floors, priority, feeSplit, data));
  }

  private Ruling.@Nullable Refused over(
      String who,
      @Nullable Long priceMax,
      @Nullable Long deadlineMax,
      @Nullable Integer agreementMin,
      JobSpec spec) {
    Policy.Limits limits = spec.policy().limits();
    int agreement = spec.policy().verification().parameters().agreement();
    if (priceMax != null && limits.priceMaxNanoOpen() > priceMax) {
      return over(
          "policy.limits.priceMaxNanoOpen",
          who,
          "at most " + priceMax + " nano-OPEN",
          Long.toString(limits.priceMaxNanoOpen()));
    }
    if (deadlineMax != null && limits.deadlineMillis() > deadlineMax) {
      return over(
          "policy.limits.deadlineMillis",
          who,
          "at most " + deadlineMax + " ms",
          Long.toString(limits.deadlineMillis()));
    }
    if (agreementMin != null && agreement < agreementMin) {
      return over(
          "policy.verification.parameters.agreement",
          who,
          "at least " + agreementMin + " equal outcomes",
          Integer.toString(agreement));
    }
    return null;
  }

  private Ruling.Refused over(String field, String who, String allowed, String said) {
    return new Ruling.Refused(
        field,
        "governance epoch %d allows %s %s; the policy says %s"
            .formatted(epoch, who, allowed, said));
  }

  private static List<String> orEmpty(@Nullable List<String> list) {
    return list == null ? List.of() : list;
  }
}

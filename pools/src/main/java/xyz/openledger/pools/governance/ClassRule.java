package xyz.openledger.pools.governance;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.expression.RuleExpression;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.json.DecimalText;

/**
 * What holds for one class of work. A job is of the class if it meets all of {@code kind}, {@code
 * labels}, {@code modules} and {@code when} that are there; at least one is.
 *
 * @param name by which refusals and nodes name the class
 * @param kind of workload, such as {@code wasm}
 * @param labels that the job bears, as its requester declares them
 * @param modules digests of programs as submitted
 * @param ruling whether it may run, and where
 * @param priority that its jobs have, whatever they wish; 0 to 9
 * @param agreementMin how many equal outcomes a policy must ask for at least
 * @param priceMaxNanoOpen the highest price limit
 * @param deadlineMillisMax the longest deadline
 * @param regionsForbidden where it may not run
 * @param when a condition about the job, in CEL
 */
public record ClassRule(
    String name,
    @Nullable String kind,
    @Nullable Map<String, String> labels,
    @Nullable List<Digest> modules,
    Ruling ruling,
    @Nullable Integer priority,
    @Nullable Integer agreementMin,
    @Nullable @DecimalText Long priceMaxNanoOpen,
    @Nullable Long deadlineMillisMax,
    @Nullable List<String> regionsForbidden,
    @Nullable String when) {
  /** A node that bears this and the name of an isolated class as a label takes its work. */
  public static final String TAKES_LABEL = "openledger.takes.";

  private static final int LABELS_MAX = 16;
  private static final int MODULES_MAX = 256;
  private static final int WHEN_CHARACTERS = 2_000;

  /** Whether a class may run. */
  public enum Ruling {
    /** Like any other. */
    @JsonProperty("allowed")
    ALLOWED,
    /** Only on nodes that say they take it. */
    @JsonProperty("isolated")
    ISOLATED,
    /** Not at all. */
    @JsonProperty("banned")
    BANNED;

    /** As people read it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks the ranges; a ruling that was left out allows. */
  public ClassRule(
      @Nullable String name,
      @Nullable String kind,
      @Nullable Map<String, String> labels,
      @Nullable List<Digest> modules,
      @Nullable Ruling ruling,
      @Nullable Integer priority,
      @Nullable Integer agreementMin,
      @Nullable @DecimalText Long priceMaxNanoOpen,
      @Nullable Long deadlineMillisMax,
      @Nullable List<String> regionsForbidden,
      @Nullable String when) {
    this.name = Check.present("name", name);
    if (!this.name.matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")) {
      throw Check.refusal("name", "must be 1 to 40 of a-z, 0-9 and -, is '" + this.name + "'");
    }
    this.kind = kind;
    if (kind != null && !GovernedRules.KINDS.contains(kind)) {
      throw Check.refusal("kind", "must be wasm or matmul, is '%s'".formatted(kind));
    }
    this.labels = labels == null ? null : Map.copyOf(labels);
    if (labels != null) {
      Check.size("labels", labels.keySet(), 1, LABELS_MAX);
      labels.forEach(
          (key, value) -> {
            Check.text("labels", key, 63);
            Check.text("labels." + key, value, 63);
          });
    }
    this.modules =
        modules == null ? null : List.copyOf(Check.size("modules", modules, 1, MODULES_MAX));
    this.when = when;
    if (when != null) {
      Check.text("when", when, WHEN_CHARACTERS);
      RuleExpression.condition("when", when);
    }
    if (kind == null && labels == null && modules == null && when == null) {
      throw Check.refusal(
          "",
          "says of no job that it is of class %s: give it a kind, labels, modules or a condition (when)"
              .formatted(this.name));
    }
    this.ruling = ruling == null ? Ruling.ALLOWED : ruling;
    this.priority = priority;
    if (priority != null) {
      Check.range("priority", priority, 0, Scheduling.PRIORITY_MAX);
    }
    this.agreementMin = agreementMin;
    if (agreementMin != null) {
      Check.range("agreementMin", agreementMin, 1, 7);
    }
    this.priceMaxNanoOpen = priceMaxNanoOpen;
    this.deadlineMillisMax = deadlineMillisMax;
    GovernedRules.caps(priceMaxNanoOpen, deadlineMillisMax);
    this.regionsForbidden =
        regionsForbidden == null ? null : GovernedRules.regions(regionsForbidden);
  }

  /** Whether a job is of this class. */
  boolean covers(JobSpec spec) {
    return (kind == null || kind.equals(kind(spec.workload())))
        && (labels == null || spec.labels().entrySet().containsAll(labels.entrySet()))
        && (modules == null || modules.contains(spec.workload().program()))
        && (when == null || RuleExpression.condition("when", when).holds(spec));
  }

  /** The label of nodes that take this class. */
  String takes() {
    return TAKES_LABEL + name;
  }

  /** The kind of a workload, by its name in job files. */
  public static String kind(Workload workload) {
    return RuleExpression.kind(workload);
  }
}

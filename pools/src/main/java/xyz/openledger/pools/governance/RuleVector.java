package xyz.openledger.pools.governance;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A test that travels with rules: of a job like this they must say what is expected. Whoever votes
 * reads it, and whoever enforces the rules runs it first, so that a program which understands them
 * otherwise does not enforce them.
 *
 * @param kind of workload; {@code wasm} if it is left out
 * @param module its program; some program if it is left out
 * @param agreement how many equal outcomes its policy asks for; 1 if it is left out
 * @param priority that the rules must give it; absent if that does not matter
 */
public record RuleVector(
    Expected expected,
    @Nullable String kind,
    @Nullable Map<String, String> labels,
    @Nullable Digest module,
    @Nullable @DecimalText Long priceMaxNanoOpen,
    @Nullable Long deadlineMillis,
    @Nullable List<String> regions,
    @Nullable Integer agreement,
    @Nullable Integer priority) {
  private static final Digest SOME = Digest.wrap(new byte[Digest.BYTES]);
  private static final long FUEL = 1_000;
  private static final int EXECUTIONS_MAX = 7;

  /** What rules say of a job. */
  public enum Expected {
    @JsonProperty("admitted")
    ADMITTED,
    @JsonProperty("isolated")
    ISOLATED,
    @JsonProperty("refused")
    REFUSED;

    /** As rules are written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks the ranges; a job that cannot exist tests nothing. */
  public RuleVector {
    Check.present("expected", expected);
    if (kind != null && !GovernedRules.KINDS.contains(kind)) {
      throw Check.refusal("kind", "must be wasm or matmul, is '%s'".formatted(kind));
    }
    labels = labels == null ? null : Map.copyOf(labels);
    regions = regions == null ? null : GovernedRules.regions(regions);
    if (agreement != null) {
      Check.range("agreement", agreement, 1, EXECUTIONS_MAX);
    }
    GovernedRules.caps(priceMaxNanoOpen, deadlineMillis);
  }

  /** What the rules say instead of what is expected; null if they say that. */
  @Nullable String contradiction(GovernedRules rules) {
    return switch (rules.rule(job())) {
      case Ruling.Refused(_, var reason) ->
          expected == Expected.REFUSED ? null : "is refused: " + reason;
      case Ruling.Admitted(var governed) -> contradiction(governed);
    };
  }

  private @Nullable String contradiction(Governed governed) {
    Expected found = governed.isolated().isEmpty() ? Expected.ADMITTED : Expected.ISOLATED;
    if (found != expected) {
      return "is " + found.word();
    }
    return priority != null && governed.priority() != priority
        ? governed.priority() == Governed.ITS_OWN
            ? "has the priority that it wishes"
            : "has priority " + governed.priority()
        : null;
  }

  private Workload workload(Digest program, int page) {
    return switch (kind == null ? GovernedRules.WASM : kind) {
      case GovernedRules.MATMUL -> new Workload.Matmul(program, FUEL, page, 0);
      case GovernedRules.INFERENCE -> new Workload.Inference(program, FUEL, page, 0);
      case GovernedRules.FINETUNE -> new Workload.Finetune(program, FUEL, page, 0);
      case GovernedRules.ONNX -> new Workload.Onnx(program, FUEL, page, 0);
      case GovernedRules.PRIVATE_MODEL -> new Workload.PrivateModel(program, FUEL, page, 0);
      default -> new Workload.Wasm(program, FUEL, page, 0);
    };
  }

  /** Those without which a job of the kind is none. */
  private List<String> arguments() {
    return GovernedRules.ONNX.equals(kind) ? List.of("any-profile") : List.of();
  }

  private JobSpec job() {
    Digest program = module == null ? SOME : module;
    int page = Workload.Wasm.PAGE_BYTES;
    int equal = agreement == null ? 1 : agreement;
    return new JobSpec(
        "vector",
        labels,
        workload(program, page),
        List.of(new JobSpec.Task(arguments(), SOME)),
        new Policy(
            null,
            new Policy.Limits(
                priceMaxNanoOpen == null ? 1 : priceMaxNanoOpen,
                deadlineMillis == null ? 1_000 : deadlineMillis,
                regions == null ? List.of() : regions,
                null,
                0),
            new Policy.Verification(
                equal == 1 ? Policy.Method.TRUSTED : Policy.Method.QUORUM,
                new Policy.Parameters(equal, EXECUTIONS_MAX)),
            null));
  }
}

package xyz.openledger.pools.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;

/**
 * A condition about a job as it was submitted: what governance says of a class of work. The
 * language and its bounds are those of policies; it knows nothing of who asks.
 */
public final class RuleExpression {
  private static final int REMEMBERED_MAX = 1_024;

  private record Fact(CelType type, Function<JobSpec, Object> of) {}

  private static final Map<String, Fact> FACTS = new HashMap<>();

  static {
    fact("kind", SimpleType.STRING, spec -> kind(spec.workload()));
    fact("module", SimpleType.STRING, spec -> spec.workload().program().toString());
    fact("labels", MapType.create(SimpleType.STRING, SimpleType.STRING), JobSpec::labels);
    fact("tasks", SimpleType.INT, spec -> (long) spec.tasks().size());
    fact("fuelMax", SimpleType.INT, spec -> spec.workload().fuelMax());
    fact("memoryMaxBytes", SimpleType.INT, spec -> spec.workload().memoryMaxBytes());
    fact("priceMaxNanoOpen", SimpleType.INT, spec -> limits(spec).priceMaxNanoOpen());
    fact("deadlineMillis", SimpleType.INT, spec -> limits(spec).deadlineMillis());
    fact("regions", ListType.create(SimpleType.STRING), spec -> limits(spec).regions());
    fact(
        "agreement",
        SimpleType.INT,
        spec -> (long) spec.policy().verification().parameters().agreement());
    fact(
        "verification",
        SimpleType.STRING,
        spec ->
            spec.policy()
                .verification()
                .method()
                .name()
                .toLowerCase(Locale.ROOT)
                .replace('_', '-'));
  }

  private static final CelCompiler CONDITIONS = compiler();
  private static final Map<String, RuleExpression> REMEMBERED = new ConcurrentHashMap<>();

  private final CelRuntime.Program program;

  private RuleExpression(CelRuntime.Program program) {
    this.program = program;
  }

  /**
   * Reads a condition.
   *
   * @param field what refusals name
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request}, pointing at the
   *     character
   */
  public static RuleExpression condition(String field, String source) {
    RuleExpression known = REMEMBERED.get(source);
    if (known != null) {
      return known;
    }
    var read =
        new RuleExpression(Vocabulary.program(Vocabulary.checked(field, source, CONDITIONS)));
    if (REMEMBERED.size() >= REMEMBERED_MAX) {
      REMEMBERED.clear();
    }
    REMEMBERED.put(source, read);
    return read;
  }

  /** Whether it holds; what cannot be evaluated, such as a label that is not there, does not. */
  public boolean holds(JobSpec spec) {
    CelVariableResolver facts =
        name -> Optional.ofNullable(FACTS.get(name)).map(fact -> fact.of().apply(spec));
    try {
      return Boolean.TRUE.equals(program.eval(facts));
    } catch (CelEvaluationException _) {
      return false;
    }
  }

  /** The kind of a workload, by its name in job files. */
  public static String kind(Workload workload) {
    return switch (workload) {
      case Workload.Wasm _ -> "wasm";
      case Workload.Matmul _ -> "matmul";
      case Workload.Inference _ -> "inference";
      case Workload.Finetune _ -> "finetune";
      case Workload.Onnx _ -> "onnx";
      case Workload.PrivateModel _ -> "private-model";
    };
  }

  private static Policy.Limits limits(JobSpec spec) {
    return spec.policy().limits();
  }

  private static void fact(String name, CelType type, Function<JobSpec, Object> of) {
    FACTS.put(JobExpression.JOB + name, new Fact(type, of));
  }

  private static CelCompiler compiler() {
    var builder = Vocabulary.language().setResultType(SimpleType.BOOL);
    FACTS.forEach((name, fact) -> builder.addVar(name, fact.type()));
    return builder.build();
  }
}

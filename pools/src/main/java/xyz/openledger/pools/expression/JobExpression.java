package xyz.openledger.pools.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.Work;
import xyz.openledger.protocol.DataClass;
import xyz.openledger.protocol.Policy;

/**
 * An expression about a job: what a node states of the work that it takes. The language and its
 * bounds are those of policies.
 */
public final class JobExpression {
  static final String JOB = "job.";

  private static final long BEST = 10_000;

  private record Fact(CelType type, Function<Request, Object> of) {}

  private static final Map<String, Fact> FACTS = new HashMap<>();

  static {
    number("fuelMax", Request::fuelMax);
    number("memoryMaxBytes", Request::memoryMaxBytes);
    number("priceMaxNanoOpen", request -> limits(request).priceMaxNanoOpen());
    number("deadlineMillis", request -> limits(request).deadlineMillis());
    number("agreement", request -> (long) request.policy().verification().parameters().agreement());
    number("priority", request -> (long) request.scheduling().priority());
    text("tenant", request -> request.scheduling().tenant().value());
    text("kind", request -> request.work().kind());
    text("verification", request -> word(request.policy().verification().method()));
    text("capacity", request -> word(request.policy().capacity()));
    text("dataClass", request -> dataClass(limits(request)).word());
    fact("labels", MapType.create(SimpleType.STRING, SimpleType.STRING), r -> r.work().labels());
    fact("licences", ListType.create(SimpleType.STRING), r -> r.work().licences());
    fact("classes", ListType.create(SimpleType.STRING), r -> r.work().governed().classes());
  }

  private static final CelCompiler CONDITIONS = compiler(SimpleType.BOOL);
  private static final CelCompiler SCORES = compiler(SimpleType.INT);

  private final CelRuntime.Program program;
  private final Set<String> facts;

  private JobExpression(CelAbstractSyntaxTree tree) {
    this.program = Vocabulary.program(tree);
    this.facts = names(tree.getExpr());
  }

  /**
   * Reads a condition.
   *
   * @param field what refusals name
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request}, pointing at the
   *     character
   */
  public static JobExpression condition(String field, String source) {
    return new JobExpression(Vocabulary.checked(field, source, CONDITIONS));
  }

  /** Reads a score; see {@link #condition}. */
  public static JobExpression score(String field, String source) {
    return new JobExpression(Vocabulary.checked(field, source, SCORES));
  }

  /** Whether it holds; what cannot be evaluated does not. */
  public boolean holds(Request request) {
    return value(request).filter(Boolean.TRUE::equals).isPresent();
  }

  /** The score; beyond the ends it is the end, and what cannot be evaluated is 0. */
  public int score(Request request) {
    return value(request)
        .map(value -> value instanceof Long score ? (int) Math.clamp(score, 0, BEST) : 0)
        .orElse(0);
  }

  /** The facts of a job that it speaks of. */
  public Set<String> facts() {
    return facts;
  }

  /** What {@code request} is in those facts: two that are the same there are treated the same. */
  public static Map<String, Object> project(Request request, Set<String> facts) {
    return facts.stream()
        .filter(FACTS::containsKey)
        .collect(Collectors.toUnmodifiableMap(name -> name, name -> of(name, request)));
  }

  /** Of what a job is, what {@code facts} and governance speak of; the rest is as is usual. */
  public static Work spoken(Work work, Set<String> facts) {
    return new Work(
        facts.contains(JOB + "kind") ? work.kind() : Work.PLAIN.kind(),
        facts.contains(JOB + "labels") ? work.labels() : Map.of(),
        work.governed(),
        // What the policy allows is held against them.
        work.licences());
  }

  /** Of where a task stands in queues, what {@code facts} speak of; the rest is as is usual. */
  public static Scheduling spoken(Scheduling scheduling, Set<String> facts) {
    return new Scheduling(
        facts.contains(JOB + "tenant") ? scheduling.tenant() : Scheduling.USUAL.tenant(),
        facts.contains(JOB + "priority") ? scheduling.priority() : Scheduling.USUAL.priority(),
        Scheduling.USUAL.gangTasks(),
        Scheduling.USUAL.note());
  }

  /** The facts of a job, sorted, without {@code job.}. */
  static String fields() {
    var fields = new TreeSet<String>();
    FACTS.keySet().forEach(name -> fields.add(name.substring(JOB.length())));
    return String.join(", ", fields);
  }

  private static Object of(String name, Request request) {
    Fact fact = FACTS.get(name);
    if (fact == null) {
      throw new IllegalArgumentException("no fact of a job: " + name);
    }
    return fact.of().apply(request);
  }

  private Optional<Object> value(Request request) {
    CelVariableResolver facts =
        name -> FACTS.containsKey(name) ? Optional.of(of(name, request)) : Optional.empty();
    try {
      return Optional.of(program.eval(facts));
    } catch (CelEvaluationException _) {
      return Optional.empty();
    }
  }

  private static Set<String> names(CelExpr expression) {
    return Conjunct.names(expression).filter(FACTS::containsKey).collect(Collectors.toSet());
  }

  private static void number(String name, Function<Request, Object> of) {
    fact(name, SimpleType.INT, of);
  }

  private static void text(String name, Function<Request, Object> of) {
    fact(name, SimpleType.STRING, of);
  }

  private static void fact(String name, CelType type, Function<Request, Object> of) {
    FACTS.put(JOB + name, new Fact(type, of));
  }

  /** A job that says nothing of its input says that anybody may see it. */
  private static DataClass dataClass(Policy.Limits limits) {
    return limits.dataClass() == null ? DataClass.PUBLIC : limits.dataClass();
  }

  private static Policy.Limits limits(Request request) {
    return request.policy().limits();
  }

  /** As in policies. */
  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static CelCompiler compiler(CelType result) {
    var builder = Vocabulary.language().setResultType(result);
    FACTS.forEach((name, fact) -> builder.addVar(name, fact.type()));
    return builder.build();
  }
}

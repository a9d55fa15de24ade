package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.Asked;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.protocol.DataClass;
import xyz.openledger.protocol.Policy;

/**
 * Of each thing that a policy may say it is decided here whether it sorts tasks into other lanes.
 * Whoever adds one finds this red until he has decided, too: what is forgotten would let tasks
 * share a lane that fit other nodes, and wait for one another for nothing.
 */
class LimitsDecidedTest {
  /** What of the limits decides nothing about nodes by itself, and where it went instead. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "priceMaxNanoOpen", "the budget of a replica",
          "deadlineMillis", "when the job stops waiting",
          "dataClass", "what governance asks for data of that class");

  /** The same of the policy beside its limits. */
  private static final Map<String, String> BESIDE =
      Map.of(
          "objective", "who is preferred, not who may",
          "prefer", "who is preferred, not who may",
          "capacity", "which market it goes to",
          "shift", "when it goes into the queue",
          "spread", "which nodes it must be far from, a part of the fit");

  @Test
  void eachLimitIsOfTheLaneOrDecidedElsewhere() throws Exception {
    Policy.Limits plain =
        new Policy.Limits(1_000_000, 60_000, List.of(), null, 0, null, null, null, null);
    Set<String> ofTheLane = new TreeSet<>();
    for (RecordComponent limit : Policy.Limits.class.getRecordComponents()) {
      var changed = (Policy.Limits) with(plain, limit, other(limit));
      if (!Asked.of(policy(plain)).equals(Asked.of(policy(changed)))) {
        ofTheLane.add(limit.getName());
      }
    }

    assertThat(named(Policy.Limits.class, ofTheLane, ELSEWHERE.keySet()))
        .as("limits that nobody has decided on: put them into Asked, or say here where they went")
        .isEmpty();
    assertThat(ofTheLane).doesNotContainAnyElementsOf(ELSEWHERE.keySet());
  }

  @Test
  void eachOtherPartOfAPolicyIsOfTheLaneOrDecidedElsewhere() {
    assertThat(
            named(
                Policy.class,
                Set.of("limits", "verification", "require", "selector"),
                BESIDE.keySet()))
        .isEmpty();
    Policy plain = policy(new Policy.Limits(1_000_000, 60_000, List.of(), null, 0));
    List<Policy> others =
        List.of(
            plain.withLabel(new Policy.LabelRequirement("tier", Policy.Operator.EXISTS, null)),
            saying(plain, "node.cores > 4", plain.verification()),
            saying(plain, null, attested("one")),
            saying(plain, null, attested("two")));
    assertThat(others)
        .extracting(Asked::of)
        .doesNotHaveDuplicates()
        .doesNotContain(Asked.of(plain));
  }

  @Test
  void eachThingThatIsAskedComesFromThePolicy() {
    Set<String> known = names(Policy.Limits.class);
    known.addAll(List.of("attestation", "require", "selector"));

    assertThat(known).containsAll(names(Asked.class));
  }

  @Test
  void eachPartOfARequestIsOfTheFitOrDecidedElsewhere() {
    // The policy is what was asked; the rest says who asks, and where in the queue it stands.
    assertThat(
            named(
                Request.class,
                Set.of("fuelMax", "memoryMaxBytes", "ownersExcluded", "nodesExcluded"),
                Set.of(
                    "budgetNanoOpen",
                    "policy",
                    "task",
                    "attempt",
                    "scheduling",
                    "work",
                    "affinity")))
        .isEmpty();
    assertThat(names(Lane.Fit.class))
        .containsAll(List.of("fuelMax", "memoryMaxBytes", "ownersExcluded", "nodesExcluded"))
        .contains("budgetNanoOpen", "asked", "governed", "licences", "facts", "farFrom");
    assertThat(names(Governed.class)).contains("data");
  }

  private static Set<String> named(Class<?> record, Set<String> here, Set<String> elsewhere) {
    Set<String> rest = names(record);
    rest.removeAll(here);
    rest.removeAll(elsewhere);
    return rest;
  }

  private static Set<String> names(Class<?> record) {
    var names = new HashSet<String>();
    for (RecordComponent component : record.getRecordComponents()) {
      names.add(component.getName());
    }
    return names;
  }

  /** The same record with another value in one place. */
  private static Object with(Record before, RecordComponent changed, Object value)
      throws Exception {
    RecordComponent[] components = before.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          components[i].getName().equals(changed.getName())
              ? value
              : components[i].getAccessor().invoke(before);
    }
    Constructor<?> all =
        before
            .getClass()
            .getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    return all.newInstance(values);
  }

  /** A value that nobody has where nothing is said. */
  private static Object other(RecordComponent limit) {
    Class<?> type = limit.getType();
    if (type == long.class || type == Long.class) {
      return 77_777L;
    }
    if (type == int.class || type == Integer.class) {
      return 777;
    }
    if (type == boolean.class || type == Boolean.class) {
      return true;
    }
    if (type == DataClass.class) {
      return DataClass.RESTRICTED;
    }
    if (type == List.class) {
      return List.of("other");
    }
    throw new AssertionError("say here what another " + type + " is, for " + limit.getName());
  }

  private static Policy policy(Policy.Limits limits) {
    return new Policy(null, limits, new Policy.Verification(Policy.Method.TRUSTED, null), null);
  }

  private static Policy saying(Policy plain, String require, Policy.Verification verification) {
    return new Policy(
        plain.objective(), plain.limits(), verification, null, require, null, null, null, null);
  }

  private static Policy.Verification attested(String program) {
    return new Policy.Verification(
        Policy.Method.TEE,
        null,
        null,
        null,
        null,
        null,
        new Policy.Attestation(List.of(Scene.digest(program)), List.of("ab".repeat(48)), null));
  }
}

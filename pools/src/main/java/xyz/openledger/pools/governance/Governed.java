package xyz.openledger.pools.governance;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.protocol.FeeSplit;
import xyz.openledger.protocol.Policy;

/**
 * What the rules in force when a job was admitted say of it. It stands in the job's first event, so
 * that all that is decided later is decided under the same rules.
 *
 * @param classes governed classes that it is of
 * @param isolated those of them that run only on nodes that say they take them
 * @param regionsForbidden where it may not run
 * @param floors how much each preference counts at least
 * @param priority that it has; {@value #ITS_OWN} for what its labels wish
 * @param feeSplit who gets how much of its prices; absent where that is not governed
 * @param data what its data ask of nodes; absent where anybody may see them
 */
public record Governed(
    List<String> classes,
    List<String> isolated,
    List<String> regionsForbidden,
    Floors floors,
    int priority,
    @Nullable FeeSplit feeSplit,
    @Nullable DataRule data) {
  /** As its labels wish. */
  public static final int ITS_OWN = -1;

  /** The rules say nothing of it. */
  public static final Governed FREELY =
      new Governed(List.of(), List.of(), List.of(), Floors.NONE, ITS_OWN);

  /** Where the split is not governed. */
  public Governed(
      List<String> classes,
      List<String> isolated,
      List<String> regionsForbidden,
      Floors floors,
      int priority) {
    this(classes, isolated, regionsForbidden, floors, priority, null, null);
  }

  /** Keeps its own copies. */
  public Governed {
    classes = List.copyOf(classes);
    isolated = List.copyOf(isolated);
    regionsForbidden = List.copyOf(regionsForbidden);
  }

  /** The policy with weights that reach the floors. */
  public Policy policy(Policy policy) {
    return floors.equals(Floors.NONE) ? policy : floors.raise(policy);
  }

  /** Where the job stands in queues. */
  public Scheduling scheduling(Scheduling wished) {
    return priority == ITS_OWN
        ? wished
        : new Scheduling(wished.tenant(), priority, wished.gangTasks(), wished.note());
  }
}

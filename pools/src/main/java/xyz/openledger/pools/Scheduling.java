package xyz.openledger.pools;

import java.util.HashMap;
import java.util.Map;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.TenantId;

/**
 * Where a task stands in a queue, whatever it needs of nodes.
 *
 * @param tenant whose share it uses up
 * @param priority 0 to 9; the higher, the sooner
 * @param gangTasks how many tasks of its job start together or not at all, this one among them; 0
 *     if it starts alone
 * @param note what was wrong with the wish, in words; empty if nothing was
 */
public record Scheduling(TenantId tenant, int priority, int gangTasks, String note) {
  /** The highest priority. */
  public static final int PRIORITY_MAX = 9;

  /** What counts where nothing is said. */
  public static final int PRIORITY_USUAL = 4;

  /** The job's label that says its priority. */
  public static final String PRIORITY_LABEL = "openledger.priority";

  /** The job's label that says that its tasks start together. */
  public static final String GANG_LABEL = "openledger.gang";

  /** The tenant of requests that name none. */
  public static final TenantId NOBODY = new TenantId("nobody");

  /** Where nothing is said. */
  public static final Scheduling USUAL = new Scheduling(NOBODY, PRIORITY_USUAL, 0, "");

  private static final int GANG_MAX = 256;

  /** Checks the ranges. */
  public Scheduling {
    Check.range("priority", priority, 0, PRIORITY_MAX);
    Check.range("gangTasks", gangTasks, 0, GANG_MAX);
  }

  /** The same in the middle of all priorities, alone. */
  public static Scheduling of(TenantId tenant) {
    return new Scheduling(tenant, PRIORITY_USUAL, 0, "");
  }

  /**
   * What a job's labels wish. A label that cannot be understood counts as absent, and the note says
   * so: the job was accepted with it, and a label is no reason to let it fail.
   *
   * @param tasks of the job
   * @param begun whether any of it has been placed: what is left of a gang starts alone
   */
  public static Scheduling of(
      TenantId tenant, Map<String, String> labels, int tasks, boolean begun) {
    String priority = labels.getOrDefault(PRIORITY_LABEL, "");
    String gang = labels.getOrDefault(GANG_LABEL, "");
    boolean known = priority.isEmpty() || priority.matches("[0-9]");
    boolean sensible = gang.isEmpty() || gang.equals("true") || gang.equals("false");
    String note =
        known
            ? ""
            : "label %s is '%s', not 0 to %d, and counts as %d"
                .formatted(PRIORITY_LABEL, priority, PRIORITY_MAX, PRIORITY_USUAL);
    if (!sensible) {
      note +=
          (note.isEmpty() ? "" : "; ")
              + "label %s is '%s', not true or false, and counts as false"
                  .formatted(GANG_LABEL, gang);
    }
    return new Scheduling(
        tenant,
        known && !priority.isEmpty() ? Integer.parseInt(priority) : PRIORITY_USUAL,
        gang.equals("true") && !begun ? tasks : 0,
        note);
  }

  /**
   * What a job wishes: its labels count where its own fields say nothing.
   *
   * @param begun whether any of it has been placed: what is left of a gang starts alone
   */
  public static Scheduling of(TenantId tenant, JobSpec spec, boolean begun) {
    var said = spec.scheduled();
    var labels = new HashMap<>(spec.labels());
    if (said.priority() != null) {
      labels.put(PRIORITY_LABEL, said.priority().toString());
    }
    if (said.gang() != null) {
      labels.put(GANG_LABEL, said.gang().toString());
    }
    return of(tenant, labels, spec.tasks().size(), begun);
  }

  /** Whether it starts with others or not at all. */
  public boolean gang() {
    return gangTasks > 0;
  }
}

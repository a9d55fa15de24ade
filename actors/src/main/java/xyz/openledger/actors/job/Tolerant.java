package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Tolerance;
import xyz.openledger.verification.Replica;
import xyz.openledger.verification.comparator.Comparator;

/**
 * Outcomes that count as equal under a policy's tolerance. Each is taken for the first that it is
 * equal to: a group lies within the tolerance of its first member, so that it cannot creep.
 *
 * <p>Outputs are compared as far as they are kept with the job, 16 KiB; of longer ones, and of
 * anything but a regular end with the same fuel, the bytes must be the same.
 */
final class Tolerant {
  private record Shown(Outcome outcome, byte @Nullable [] output) {}

  private Tolerant() {}

  static List<Replica> replicas(Tolerance tolerance, Job.Task task, List<Replica> replicas) {
    var comparator = new Comparator(tolerance);
    var firsts = new ArrayList<Shown>();
    var seen = new ArrayList<Replica>(replicas.size());
    for (int i = 0; i < replicas.size(); i++) {
      JobEvent.Reveal reveal = task.replicas().get(i).reveal();
      Replica replica = replicas.get(i);
      if (reveal == null || replica.state() != Replica.State.REVEALED) {
        seen.add(replica);
        continue;
      }
      var shown = new Shown(reveal.outcome(), reveal.output());
      Outcome first = null;
      for (Shown earlier : firsts) {
        if (first == null && equal(comparator, earlier, shown)) {
          first = earlier.outcome();
        }
      }
      if (first == null) {
        firsts.add(shown);
        first = shown.outcome();
      }
      seen.add(replica.revealed(first));
    }
    return seen;
  }

  private static boolean equal(Comparator comparator, Shown left, Shown right) {
    Outcome a = left.outcome();
    Outcome b = right.outcome();
    return a.equals(b)
        || (left.output() != null
            && right.output() != null
            && a.succeeded()
            && b.succeeded()
            && a.fuelUsed() == b.fuelUsed()
            && comparator.equal(
                Objects.requireNonNull(left.output()), Objects.requireNonNull(right.output())));
  }
}

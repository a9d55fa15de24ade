package xyz.openledger.actors.simulation.adversaries;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import xyz.openledger.protocol.Policy;

/**
 * All adversaries against the ways of verification that take several machines' word, or hear them.
 *
 * @param rows policy by policy, in the order of {@link Adversary}
 */
public record AdversaryReport(
    long seed, int machines, int adversaryPercent, int tasks, List<AdversaryFigures> rows) {

  /** Keeps its own copy. */
  public AdversaryReport {
    rows = List.copyOf(rows);
  }

  /** Runs every trial; {@code note} hears of each policy. */
  public static AdversaryReport run(
      long seed, int machines, int adversaryPercent, int tasks, Consumer<String> note) {
    var rows = new ArrayList<AdversaryFigures>();
    for (boolean expels : new boolean[] {false, true}) {
      for (Policy.Verification policy : policies()) {
        note.accept(
            AdversaryFigures.word(policy)
                + (expels ? ", whoever is caught loses its stake" : ", as members do"));
        var plan = new AdversaryPlan(seed, machines, adversaryPercent, tasks, policy, expels);
        for (Adversary adversary : Adversary.values()) {
          if (adversary.appliesTo(policy.method())) {
            rows.add(AdversaryTrial.run(adversary, plan));
          }
        }
      }
    }
    return new AdversaryReport(seed, machines, adversaryPercent, tasks, rows);
  }

  private static List<Policy.Verification> policies() {
    return List.of(
        new Policy.Verification(Policy.Method.ADAPTIVE, null),
        new Policy.Verification(Policy.Method.ADAPTIVE, new Policy.Parameters(2, 9)),
        new Policy.Verification(Policy.Method.QUORUM, null),
        new Policy.Verification(Policy.Method.TRUST, null, null, 100, null),
        new Policy.Verification(Policy.Method.DISPUTE, null));
  }
}

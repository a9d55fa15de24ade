package xyz.openledger.actors.simulation;

import java.util.function.ToDoubleFunction;

/** A figure that schedulers are compared by. */
enum Measure {
  WAIT_MEAN("wait mean s", true, Figures::waitMeanSeconds),
  WAIT_P95("wait p95 s", true, Figures::waitP95Seconds),
  COMPLETION_MEAN("completion mean s", true, Figures::completionMeanSeconds),
  UTILISATION("utilisation %", false, Figures::utilisationPercent),
  CAPACITY("capacity %", false, Figures::capacityPercent),
  FRAGMENTATION("fragmentation %", true, Figures::fragmentationPercent),
  COST("cost OPEN", true, Figures::costOpen),
  CARBON("carbon g", true, Figures::carbonGrams),
  OBJECTIVE("objective %", false, Figures::objectivePercent),
  FAIRNESS("fairness", false, Figures::fairness);

  final String label;
  final boolean lessIsBetter;

  @SuppressWarnings("ImmutableEnumChecker") // it closes over nothing
  final ToDoubleFunction<Figures> of;

  Measure(String label, boolean lessIsBetter, ToDoubleFunction<Figures> of) {
    this.label = label;
    this.lessIsBetter = lessIsBetter;
    this.of = of;
  }
}

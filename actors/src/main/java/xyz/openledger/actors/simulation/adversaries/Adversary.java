package xyz.openledger.actors.simulation.adversaries;

import xyz.openledger.protocol.Policy;

/**
 * A way to cheat. What a machine delivers is the right result, a lie, or nothing.
 *
 * @see AdversaryTrial
 */
public enum Adversary {
  RANDOM("random", "never computes; another random result each time"),
  LAZY("lazy", "does not compute 30 of 100 tasks, and answers those alike"),
  OFF_BY_ONE("off-by-one", "computes, and is one off in 5 of 100 tasks"),
  WRONG_PRECISION("wrong-precision", "computes at half the cost; 30 of 100 results differ"),
  COPIER("copier", "computes nothing; shows what another has shown, whatever it committed to"),
  RING("ring", "lies, all alike, only where no stranger is at work on the task"),
  SLEEPER("sleeper", "500 good results, then lies alike"),
  SYBIL("sybil", "lies in 30 of 100 tasks; once caught it comes back under another name"),
  WITHHOLDER("withholder", "commits, and shows nothing in 30 of 100 tasks"),
  EQUIVOCATOR("equivocator", "commits to one result and shows another in 30 of 100 tasks"),
  SLOW_LORIS("slow-loris", "takes leases and says nothing until they end, in 30 of 100 tasks"),
  STALLER(
      "staller",
      "lies in 30 of 100 tasks; in a hearing it answers as late as it may, or no more at all");

  private final String word;
  private final String conduct;

  Adversary(String word, String conduct) {
    this.word = word;
    this.conduct = conduct;
  }

  /** Whether it differs from the others where nobody is heard about what outcomes differ in. */
  boolean appliesTo(Policy.Method method) {
    return this != STALLER || method == Policy.Method.DISPUTE;
  }

  /** Its name. */
  public String word() {
    return word;
  }

  /** What it does. */
  public String conduct() {
    return conduct;
  }
}

package xyz.openledger.actors.node;

import java.util.Locale;

/** What of a node's speed is measured, each by challenges of its own. */
public enum Measure {
  /** Steps of a walk through memory, in the agent. */
  MEMORY,
  /** Fuel that a program burns, in a worker like any other. */
  FUEL;

  /** Its name. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

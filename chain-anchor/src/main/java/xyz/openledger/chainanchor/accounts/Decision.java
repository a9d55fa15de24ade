package xyz.openledger.chainanchor.accounts;

import java.util.List;

/** What the books answer to a {@link LedgerCommand}. */
public sealed interface Decision {

  /** It shall be so: write these events down, then apply them. */
  record Accepted(List<LedgerEvent> events) implements Decision {
    /** Keeps its own copy. */
    public Accepted {
      events = List.copyOf(events);
    }
  }

  /** It was so already: this is what came of the first time. Nothing is to be written. */
  record Repeated(LedgerEvent first) implements Decision {}

  /** It shall not be, and why. Nothing is to be written. */
  record Refused(LedgerRefusal refusal) implements Decision {}

  /** The events to write; none for a repeat or a refusal. */
  default List<LedgerEvent> newEvents() {
    return this instanceof Accepted(var events) ? events : List.of();
  }
}

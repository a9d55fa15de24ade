package xyz.openledger.protocol.session;

import java.util.Locale;
import xyz.openledger.protocol.Check;

/**
 * What a member thinks of a node.
 *
 * @param detail for people: why, and what to do; may be empty
 */
public record Standing(State state, String detail) {
  private static final int DETAIL_CHARACTERS_MAX = 1_024;

  /** Checks the length. */
  public Standing {
    Check.text("detail", detail, DETAIL_CHARACTERS_MAX);
  }

  /** The states of a node that still has a stream. */
  public enum State {
    /** Its challenge is not answered yet. */
    JOINING,
    /** It gets work. */
    READY,
    /** It gets no new work. */
    DRAINING,
    /** It gets no work until a person has looked at it. */
    SUSPENDED;

    /** As it is written on the wire and shown to people. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@link #text}; refuses anything else with {@code invalid-request}. */
    public static State parse(String text) {
      for (State state : values()) {
        if (state.text().equals(text)) {
          return state;
        }
      }
      throw Check.refusal("state", "joining, ready, draining or suspended, is " + text);
    }
  }
}

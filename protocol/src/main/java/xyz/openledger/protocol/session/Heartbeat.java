package xyz.openledger.protocol.session;

import java.util.List;
import java.util.Locale;
import xyz.openledger.protocol.Check;

/**
 * How a node is now.
 *
 * @param credits how many leases it will hold at once; 0 while it is draining or quiet
 * @param running leases it holds that are not committed, revealed or faulted
 * @param warm the first eight bytes of the digests of blobs that it holds, those used last in front
 */
public record Heartbeat(int credits, int running, State state, List<Long> warm) {
  /** A node that says nothing of blobs. */
  public Heartbeat(int credits, int running, State state) {
    this(credits, running, state, List.of());
  }

  /** Checks the ranges. */
  public Heartbeat {
    warm = List.copyOf(Check.size("warm", warm, 0, SessionLimits.WARM_MAX));
    Check.range("credits", credits, 0, SessionLimits.CREDITS_MAX);
    Check.range("running", running, 0, SessionLimits.CREDITS_MAX);
  }

  /** Whether a node wants work. */
  public enum State {
    /** It does. */
    READY,
    /** It ends what it has. */
    DRAINING,
    /** It does not now: these are its owner's quiet hours. */
    QUIET;

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
      throw Check.refusal("state", "ready, draining or quiet, is " + text);
    }
  }
}

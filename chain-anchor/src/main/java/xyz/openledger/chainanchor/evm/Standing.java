package xyz.openledger.chainanchor.evm;

/**
 * Where a proposal stands.
 *
 * @param inFavourNanoOpen votes for it, in 10^-9 GOPEN
 * @param quorumNanoOpen votes for it and abstentions that it needs; 0 while that is not known yet
 * @param etaSeconds from when on it can be executed, since 1970; 0 if it is not queued
 * @param nowSeconds the chain's time
 */
public record Standing(
    State state,
    long inFavourNanoOpen,
    long againstNanoOpen,
    long abstainedNanoOpen,
    long quorumNanoOpen,
    long etaSeconds,
    long nowSeconds) {

  /** With the governor's code. */
  public enum State {
    PENDING(0),
    ACTIVE(1),
    CANCELED(2),
    DEFEATED(3),
    SUCCEEDED(4),
    QUEUED(5),
    EXPIRED(6),
    EXECUTED(7);

    private final int code;

    State(int code) {
      this.code = code;
    }

    static State of(int code) {
      for (State state : values()) {
        if (state.code == code) {
          return state;
        }
      }
      throw new IllegalArgumentException("the governor knows a state " + code);
    }
  }

  /** Whether nothing can change it any more. */
  public boolean isOver() {
    return switch (state) {
      case CANCELED, DEFEATED, EXPIRED, EXECUTED -> true;
      case PENDING, ACTIVE, SUCCEEDED, QUEUED -> false;
    };
  }
}

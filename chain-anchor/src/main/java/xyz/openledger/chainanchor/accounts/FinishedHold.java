package xyz.openledger.chainanchor.accounts;

/**
 * How a hold ended; kept until its origin acknowledges, so that a repeat gets the first answer.
 *
 * @param outcome a {@link LedgerEvent.Settled} or {@link LedgerEvent.Released}
 */
public record FinishedHold(OpenHold hold, LedgerEvent outcome) {}

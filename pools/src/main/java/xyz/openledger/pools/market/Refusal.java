package xyz.openledger.pools.market;

/**
 * Why an order is not taken.
 *
 * @param detail the same with its figures
 */
public record Refusal(Reason reason, String detail) {

  /** The reasons. */
  public enum Reason {
    /** As many orders rest as may. */
    BOOK_FULL,
    /** Another order of this id rests. */
    ID_TAKEN,
    /** What the class's bids would cost in all would pass all the OPEN there is. */
    VALUE_TOO_LARGE,
    /** The budget does not hold what the bid may cost. */
    BUDGET_EXCEEDED,
    /** The party has no budget. */
    NO_BUDGET,
    /** As many classes or budgets are known as may be. */
    MARKET_FULL
  }
}

package xyz.openledger.models.engine;

/**
 * How an engine fares.
 *
 * @param pagesHeld by requests; others may still hold what can be shared
 * @param computedTokens rows that went through the model
 * @param chosenTokens of answers
 * @param togetherMost the most answers that one step was computed for so far
 */
public record EngineFigures(
    int waiting,
    int running,
    int pagesHeld,
    int pages,
    long steps,
    long computedTokens,
    long chosenTokens,
    int togetherMost) {}

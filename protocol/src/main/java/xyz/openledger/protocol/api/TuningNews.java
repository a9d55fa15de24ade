package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.json.DecimalText;

/**
 * Something that happened in a training.
 *
 * @param number the first is 0; each is one more than the one before
 * @param kind {@code started}, {@code ordered}, {@code made}, {@code missed}, {@code drawn}, {@code
 *     agreed}, {@code refuted}, {@code finished}
 * @param piece which piece; absent where it is about none
 * @param until the last step of what was made; absent otherwise
 * @param losses of the steps of what was made, in their order; empty otherwise
 * @param heldBackLoss after what was made, on the samples that are held back
 * @param text the same for people
 */
@Answer
public record TuningNews(
    @DecimalText long number,
    String kind,
    @Nullable Integer piece,
    @Nullable Integer until,
    List<Double> losses,
    @Nullable Double heldBackLoss,
    String text,
    long atMillis) {}

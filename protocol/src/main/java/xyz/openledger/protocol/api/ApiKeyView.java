package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.json.DecimalText;

/**
 * An API key, without its secret, which nobody keeps.
 *
 * @param limits absent if it has none
 * @param spentNanoOpen what jobs under it came to, as far as a spend cap counts them
 * @param runningNanoOpen the most that jobs under it may still cost
 */
@Answer
public record ApiKeyView(
    String name,
    List<String> scopes,
    @Nullable KeyLimits limits,
    @DecimalText long spentNanoOpen,
    @DecimalText long runningNanoOpen) {}

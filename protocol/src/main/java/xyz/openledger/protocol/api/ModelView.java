package xyz.openledger.protocol.api;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A model or adapter that is served.
 *
 * @param name such as {@code tiny}, or {@code tiny:pirate} for an adapter
 * @param manifest what it is, by its files
 * @param base the manifest of the base; the same as {@code manifest} for a base
 * @param fuelPerToken multiply-adds of weights that a token takes
 * @param contextTokens the most tokens of prompt and answer together
 * @param cacheBytesPerToken what a token's keys and values take
 * @param owner the account that gets the model's part of what its jobs pay; absent if nobody named
 *     one
 * @param licence that it is under, an SPDX expression; absent if nobody stated one
 */
@Answer
public record ModelView(
    String name,
    Digest manifest,
    Digest base,
    @DecimalText long fuelPerToken,
    int contextTokens,
    int cacheBytesPerToken,
    String tenant,
    long publishedAtMillis,
    @Nullable Address owner,
    @Nullable String licence) {

  /** A model whose owner nobody named. */
  public ModelView(
      String name,
      Digest manifest,
      Digest base,
      long fuelPerToken,
      int contextTokens,
      int cacheBytesPerToken,
      String tenant,
      long publishedAtMillis) {
    this(
        name,
        manifest,
        base,
        fuelPerToken,
        contextTokens,
        cacheBytesPerToken,
        tenant,
        publishedAtMillis,
        null,
        null);
  }

  /** Whether it is an adapter, and no base. */
  public boolean adapted() {
    return !manifest.equals(base);
  }
}

package xyz.openledger.actors.models;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

/**
 * A name under which a model is served, and what serving it takes.
 *
 * @param name of a base such as {@code tiny}, of an adapter such as {@code tiny:pirate}
 * @param manifest of the model or adapter; see {@link
 *     xyz.openledger.protocol.inference.ModelManifest}
 * @param base the manifest of the base; the same as {@code manifest} for a base
 * @param fuelPerToken multiply-adds of weights that a token takes, its adapter's included
 * @param contextTokens the most tokens of prompt and answer together
 * @param cacheBytesPerToken what a token's keys and values take
 * @param tenant who published it, and may withdraw it
 * @param atMillis when this name got this model
 * @param owner the account that gets the model's part of what its jobs pay; absent if nobody named
 *     one
 * @param licence that it is under, an SPDX identifier; absent if nobody stated one
 */
public record ServedModel(
    String name,
    Digest manifest,
    Digest base,
    long fuelPerToken,
    int contextTokens,
    int cacheBytesPerToken,
    TenantId tenant,
    long atMillis,
    @Nullable Address owner,
    @Nullable String licence) {

  /**
   * The same name and model once more: from when it was, and with its owner and its licence unless
   * others are told.
   */
  ServedModel after(ServedModel before) {
    return new ServedModel(
        name,
        manifest,
        base,
        fuelPerToken,
        contextTokens,
        cacheBytesPerToken,
        tenant,
        before.atMillis,
        owner == null ? before.owner : owner,
        licence == null ? before.licence : licence);
  }

  /** The same, of which it names no owner and no licence. */
  ServedModel unowned() {
    return new ServedModel(
        name,
        manifest,
        base,
        fuelPerToken,
        contextTokens,
        cacheBytesPerToken,
        tenant,
        atMillis,
        null,
        null);
  }

  /** Whether it is a base, and no adapter. */
  public boolean isBase() {
    return manifest.equals(base);
  }
}

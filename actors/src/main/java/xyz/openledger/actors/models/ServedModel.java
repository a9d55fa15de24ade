package xyz.openledger.actors.models;

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
 */
public record ServedModel(
    String name,
    Digest manifest,
    Digest base,
    long fuelPerToken,
    int contextTokens,
    int cacheBytesPerToken,
    TenantId tenant,
    long atMillis) {

  /** Whether it is a base, and no adapter. */
  public boolean isBase() {
    return manifest.equals(base);
  }
}

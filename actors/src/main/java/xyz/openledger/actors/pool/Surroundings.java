package xyz.openledger.actors.pool;

import java.util.Optional;
import java.util.function.ToLongFunction;
import xyz.openledger.pools.energy.GridIntensity;
import xyz.openledger.protocol.Digest;

/**
 * What a pool can look up of the world around it. Both answer at once, from memory, on any thread.
 *
 * @param grid how dirty the electricity of a zone is, by the hour
 * @param blobBytes how long a blob is; 0 if it is not known
 */
public record Surroundings(GridIntensity grid, ToLongFunction<Digest> blobBytes) {
  /** Nothing is known. */
  public static final Surroundings UNKNOWN = new Surroundings((_, _) -> Optional.empty(), _ -> 0);
}

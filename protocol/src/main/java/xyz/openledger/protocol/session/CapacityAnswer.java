package xyz.openledger.protocol.session;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;

/**
 * What stands at the end of a walk.
 *
 * @param seed of the walk
 */
public record CapacityAnswer(long seed, Digest digest) {
  /** Checks that all is there. */
  public CapacityAnswer {
    Check.present("digest", digest);
  }
}

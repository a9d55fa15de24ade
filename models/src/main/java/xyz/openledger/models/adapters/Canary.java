package xyz.openledger.models.adapters;

import java.util.List;
import xyz.openledger.models.files.Refused;
import xyz.openledger.protocol.Digest;

/**
 * What a name stands for: one adapter, or several that share its requests by weight, so that a new
 * version can be tried on a few. Which one a request meets depends on the request alone.
 */
public record Canary(List<Share> shares) {
  /** How many versions one name may stand for. */
  private static final int SHARES_MAX = 16;

  /** One version and its weight. */
  public record Share(Digest adapter, int weight) {
    /** Refuses weights that are no share. */
    public Share {
      if (weight < 1 || weight > 1_000_000) {
        throw Refused.because("weight", "is " + weight + ", not between 1 and 1000000");
      }
    }
  }

  /** Copies the list. */
  public Canary {
    shares = List.copyOf(shares);
    if (shares.isEmpty() || shares.size() > SHARES_MAX) {
      throw Refused.because("shares", "are %d, not 1 to %d".formatted(shares.size(), SHARES_MAX));
    }
  }

  /** A name of one adapter. */
  public static Canary of(Digest adapter) {
    return new Canary(List.of(new Share(adapter, 1)));
  }

  /** The adapter for a request. */
  public Digest choose(long requestKey) {
    long total = shares.stream().mapToLong(Share::weight).sum();
    long drawn = Math.floorMod(mixed(requestKey), total);
    for (Share share : shares) {
      drawn -= share.weight();
      if (drawn < 0) {
        return share.adapter();
      }
    }
    throw new IllegalStateException("shares add up to their total");
  }

  /** Spreads neighbouring keys (the finaliser of SplitMix64). */
  private static long mixed(long key) {
    long z = key + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}

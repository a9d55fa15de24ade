package xyz.openledger.cluster.http;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.TenantId;

/** Places for as many as may be there at once, of which one tenant never has all. */
final class Room {
  /** One of so many places is for others than the tenant that has the most. */
  private static final int OTHERS_ONE_OF = 8;

  private final int places;
  private final int placesOfOne;
  private final Map<TenantId, Integer> taken = new HashMap<>();
  private int allTaken;

  private Room(int places, int placesOfOne) {
    this.places = Check.range("places", places, 1, Integer.MAX_VALUE);
    this.placesOfOne = placesOfOne;
  }

  /** In which a tenant leaves an eighth of the places to others. */
  static Room shared(int places) {
    return new Room(places, places - places / OTHERS_ONE_OF);
  }

  /** Which one tenant may fill. */
  static Room open(int places) {
    return new Room(places, places);
  }

  /** Takes a place, if there is one. Who belongs to no tenant may take the last. */
  synchronized boolean enter(@Nullable TenantId tenant) {
    if (allTaken >= places) {
      return false;
    }
    if (tenant != null) {
      int own = taken.getOrDefault(tenant, 0);
      if (own >= placesOfOne) {
        return false;
      }
      taken.put(tenant, own + 1);
    }
    allTaken++;
    return true;
  }

  /** Gives back a place that {@link #enter} gave. */
  synchronized void leave(@Nullable TenantId tenant) {
    allTaken--;
    if (tenant != null) {
      taken.computeIfPresent(tenant, (_, own) -> own == 1 ? null : own - 1);
    }
  }
}

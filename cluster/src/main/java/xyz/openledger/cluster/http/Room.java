package xyz.openledger.cluster.http;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;

/** Places for as many as may be there at once, of which one payer never has all. */
final class Room {
  /** One of so many places is for others than the payer that has the most. */
  private static final int OTHERS_ONE_OF = 8;

  private final int places;
  private final int placesOfOne;
  private final Map<String, Integer> taken = new HashMap<>();
  private int allTaken;

  private Room(int places, int placesOfOne) {
    this.places = Check.range("places", places, 1, Integer.MAX_VALUE);
    this.placesOfOne = placesOfOne;
  }

  /** In which a payer leaves an eighth of the places to others. */
  static Room shared(int places) {
    return new Room(places, places - places / OTHERS_ONE_OF);
  }

  /** Which one payer may fill. */
  static Room open(int places) {
    return new Room(places, places);
  }

  /**
   * Takes a place, if there is one. Who has shown no token may take the last.
   *
   * @param payer whose place it is; see {@link Principal#payer}
   */
  synchronized boolean enter(@Nullable String payer) {
    if (allTaken >= places) {
      return false;
    }
    if (payer != null) {
      int own = taken.getOrDefault(payer, 0);
      if (own >= placesOfOne) {
        return false;
      }
      taken.put(payer, own + 1);
    }
    allTaken++;
    return true;
  }

  /** Gives back a place that {@link #enter} gave. */
  synchronized void leave(@Nullable String payer) {
    allTaken--;
    if (payer != null) {
      taken.computeIfPresent(payer, (_, own) -> own == 1 ? null : own - 1);
    }
  }
}

package xyz.openledger.actors.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** As much of a list as one message between members may hold: a frame of theirs has 512 KiB. */
public final class Fitting {
  /** What is put into one message, by what its senders reckon. */
  public static final long BYTES_MAX = 256 << 10;

  /** What a character may take, whatever it is. */
  public static final long CHARACTER_BYTES = 3;

  private Fitting() {}

  /**
   * The first elements that fit together; one at least, if there is any.
   *
   * @param bytes the most that an element takes in a message
   * @param bytesMax what there is room for
   */
  public static <T> List<T> of(Iterable<T> elements, ToLongFunction<T> bytes, long bytesMax) {
    var fitting = new ArrayList<T>();
    long sum = 0;
    for (T element : elements) {
      sum += bytes.applyAsLong(element);
      if (sum > bytesMax && !fitting.isEmpty()) {
        break;
      }
      fitting.add(element);
    }
    return List.copyOf(fitting);
  }
}

package xyz.openledger.cluster.energy;

import java.io.IOException;
import java.io.Serial;

/** A source of grid intensities did not give a figure; the message says why. */
public final class GridUnavailable extends IOException {
  @Serial private static final long serialVersionUID = 1;

  GridUnavailable(String source, String why) {
    super("grid intensity from " + source + ": " + why);
  }
}

package xyz.openledger.cluster.blob;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The blobs that a submission names, until it is known whether it is taken. Of those that are held
 * for a name, reading them meanwhile is none yet.
 */
public final class Naming {
  static final ScopedValue<Naming> CURRENT = ScopedValue.newInstance();

  private final List<Held> held = new ArrayList<>();

  Naming() {}

  /** Looks at blobs. */
  public <T> T during(Supplier<T> look) {
    return ScopedValue.where(CURRENT, this).call(look::get);
  }

  synchronized void add(Held more) {
    held.add(more);
  }

  private synchronized List<Held> taken() {
    List<Held> all = List.copyOf(held);
    held.clear();
    return all;
  }

  /** It was taken, or may have been: what it names stays. */
  public void named() {
    taken().forEach(Held::named);
  }

  /** It was refused, and names nothing. */
  public void leave() {
    taken().forEach(Held::leave);
  }
}

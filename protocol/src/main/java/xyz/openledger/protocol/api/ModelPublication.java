package xyz.openledger.protocol.api;

import java.util.List;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;

/**
 * Models to serve from now on, all or none.
 *
 * @param models 1 to {@value #MODELS_MAX}
 */
public record ModelPublication(List<Named> models) {
  /** The most models of one publication. */
  public static final int MODELS_MAX = 256;

  /** Checks the number. */
  public ModelPublication {
    models = List.copyOf(Check.size("models", Check.present("models", models), 1, MODELS_MAX));
  }

  /** A name, and the manifest that is stored as a blob. */
  public record Named(String name, Digest manifest) {
    /** Checks that both are there. */
    public Named {
      Check.present("name", name);
      Check.present("manifest", manifest);
    }
  }
}

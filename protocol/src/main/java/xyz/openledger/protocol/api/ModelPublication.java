package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Licence;

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

  /**
   * A name, and the manifest that is stored as a blob.
   *
   * @param owner the account that gets the model's part of what its jobs pay; absent to leave that
   *     as it is
   * @param licence that it is under, an SPDX expression; absent to leave that as it is
   */
  public record Named(
      String name, Digest manifest, @Nullable Address owner, @Nullable String licence) {
    /** Says nothing of its owner and its licence. */
    public Named(String name, Digest manifest) {
      this(name, manifest, null, null);
    }

    /** Says nothing of its licence. */
    public Named(String name, Digest manifest, @Nullable Address owner) {
      this(name, manifest, owner, null);
    }

    /** Checks that both are there. */
    public Named {
      Check.present("name", name);
      Check.present("manifest", manifest);
      if (licence != null) {
        Licence.check("licence", licence);
      }
    }
  }
}

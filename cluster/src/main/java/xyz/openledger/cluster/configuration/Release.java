package xyz.openledger.cluster.configuration;

import java.util.Optional;

/** Which release runs. */
public final class Release {
  private Release() {}

  /** Its name, as the jar's manifest says it; {@code dev} outside a jar. */
  public static String name() {
    return Optional.ofNullable(Release.class.getPackage().getImplementationVersion()).orElse("dev");
  }
}

package xyz.openledger.nativekernels.strict;

import org.jspecify.annotations.Nullable;

/** Made once, at first use. */
final class StrictChoice {
  static final StrictKernels JAVA = new JavaStrictKernels();
  static final StrictKernels BEST = JAVA;
  static final @Nullable String OBJECTION = "none was built";

  private StrictChoice() {}
}

package xyz.openledger.nativekernels.strict;

import java.lang.foreign.SymbolLookup;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nativekernels.Kernels;

/** Made once, at first use. */
final class StrictChoice {
  static final StrictKernels JAVA = new JavaStrictKernels();
  static final StrictKernels BEST;
  static final @Nullable String OBJECTION;

  static {
    StrictKernels best = JAVA;
    String objection = null;
    try {
      SymbolLookup library = Kernels.library();
      best = NativeStrictKernels.of(library, NativeTable.best(library));
    } catch (UnsatisfiedLinkError | IllegalCallerException none) {
      objection = String.valueOf(none.getMessage());
    }
    BEST = best;
    OBJECTION = objection;
  }

  private StrictChoice() {}
}

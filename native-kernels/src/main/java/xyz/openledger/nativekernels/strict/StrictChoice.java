package xyz.openledger.nativekernels.strict;

import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nativekernels.Kernels;

/** Made once, at first use. */
final class StrictChoice {
  static final StrictKernels JAVA = new JavaStrictKernels();
  static final StrictKernels BEST;
  static final @Nullable String OBJECTION;
  static final List<StrictKernels> ALL;

  static {
    StrictKernels best = JAVA;
    String objection = null;
    var all = new ArrayList<StrictKernels>(List.of(JAVA));
    try {
      SymbolLookup library = Kernels.library();
      NativeVariant fastest = NativeTable.best(library);
      for (NativeVariant variant : NativeTable.variants(library)) {
        var kernels = NativeStrictKernels.of(library, variant);
        all.add(kernels);
        best = variant == fastest ? kernels : best;
      }
    } catch (UnsatisfiedLinkError | IllegalCallerException none) {
      objection = String.valueOf(none.getMessage());
    }
    BEST = best;
    OBJECTION = objection;
    ALL = List.copyOf(all);
  }

  private StrictChoice() {}
}

package xyz.openledger.nativekernels;

import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/**
 * The fastest kernels of this machine, chosen once. {@code -Dopenledger.kernels=java} keeps to the
 * twins.
 */
public final class Kernels {
  private static final MatchKernel TWIN = new JavaMatchKernel();
  private static final Choice CHOICE = choose();

  private record Choice(MatchKernel match, Optional<String> objection) {}

  private Kernels() {}

  private static Choice choose() {
    if ("java".equals(System.getProperty("openledger.kernels"))) {
      return new Choice(TWIN, Optional.of("-Dopenledger.kernels=java"));
    }
    try {
      return new Choice(new NativeMatchKernel(NativeLibrary.load()), Optional.empty());
    } catch (UnsatisfiedLinkError | IllegalCallerException none) {
      return new Choice(TWIN, Optional.of(String.valueOf(none.getMessage())));
    }
  }

  /** The one to use. */
  public static MatchKernel match() {
    return CHOICE.match();
  }

  /** The twin in Java, which is always there. */
  public static MatchKernel matchInJava() {
    return TWIN;
  }

  /**
   * The library that the build packed for this platform.
   *
   * @throws UnsatisfiedLinkError saying why there is none
   */
  public static SymbolLookup library() {
    if ("java".equals(System.getProperty("openledger.kernels"))) {
      throw new UnsatisfiedLinkError("-Dopenledger.kernels=java");
    }
    return NativeLibrary.load();
  }

  /**
   * The library for graphics processors, which is built where nvcc is and loads without a driver.
   *
   * @throws UnsatisfiedLinkError saying why there is none
   */
  public static SymbolLookup cudaLibrary() {
    return NativeLibrary.loadCuda();
  }

  /** Why the twin serves instead of C; empty if it does not. */
  public static Optional<String> objection() {
    return CHOICE.objection();
  }
}

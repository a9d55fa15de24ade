package xyz.openledger.verification.gate;

import java.util.Locale;
import java.util.Optional;

/**
 * What a module may import: the functions of WASI preview 1 that programs of wasi-libc and
 * AssemblyScript link for standard input and output, arguments, randomness, time and exit. Whether
 * one succeeds is the host's answer ({@code fd_seek} on a stream does not); the gate only says that
 * it exists, with which type, and what it costs.
 *
 * <p>The fuel of a call is {@code flatFuel}, charged before it, and the dynamic part: {@link
 * Extra}.
 */
public enum HostFunction {
  ARGS_GET("ii:i", 2_048, Extra.NONE),
  ARGS_SIZES_GET("ii:i", 256, Extra.NONE),
  ENVIRON_GET("ii:i", 2_048, Extra.NONE),
  ENVIRON_SIZES_GET("ii:i", 256, Extra.NONE),
  CLOCK_RES_GET("ii:i", 256, Extra.NONE),
  CLOCK_TIME_GET("ili:i", 256, Extra.NONE),
  FD_CLOSE("i:i", 256, Extra.NONE),
  FD_FDSTAT_GET("ii:i", 256, Extra.NONE),
  FD_PRESTAT_GET("ii:i", 256, Extra.NONE),
  FD_PRESTAT_DIR_NAME("iii:i", 256, Extra.NONE),
  FD_READ("iiii:i", 256, Extra.TRANSFER),
  FD_SEEK("ilii:i", 256, Extra.NONE),
  FD_WRITE("iiii:i", 256, Extra.TRANSFER),
  PROC_EXIT("i:", 256, Extra.NONE),
  RANDOM_GET("ii:i", 256, Extra.RANDOM),
  SCHED_YIELD(":i", 256, Extra.NONE);

  /** The module name under which all of them are imported. */
  public static final String MODULE = "wasi_snapshot_preview1";

  /** The part of a call's fuel that depends on its arguments or results. */
  public enum Extra {
    /** Nothing more. */
    NONE,
    /**
     * {@code fd_read} and {@code fd_write}: 16 per buffer of the list (argument 2), charged before;
     * and one per 8 bytes moved (what the host stored at argument 3), charged after a success.
     */
    TRANSFER,
    /** {@code random_get}: 1 per byte (argument 1), charged before. */
    RANDOM
  }

  private final String signature;
  private final int flatFuel;
  private final Extra extra;

  HostFunction(String signature, int flatFuel, Extra extra) {
    this.signature = signature;
    this.flatFuel = flatFuel;
    this.extra = extra;
  }

  /** The name in the import, for instance {@code fd_write}. */
  public String importName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What one call costs before anything that depends on its arguments. */
  public int flatFuel() {
    return flatFuel;
  }

  /** What is charged on top. */
  public Extra extra() {
    return extra;
  }

  Signature signature() {
    return Signature.of(signature);
  }

  /** Finds the function of an import's two names. */
  static Optional<HostFunction> find(String module, String name) {
    if (!module.equals(MODULE)) {
      return Optional.empty();
    }
    for (HostFunction function : values()) {
      if (function.importName().equals(name)) {
        return Optional.of(function);
      }
    }
    return Optional.empty();
  }
}

package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import xyz.openledger.protocol.json.DecimalText;

/** What kind of work a job is. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes(@JsonSubTypes.Type(value = Workload.Wasm.class, name = "wasm"))
public sealed interface Workload {

  /**
   * A WebAssembly program (WASI preview 1): standard input is the task's input, standard output its
   * result.
   *
   * @param module the module as submitted; the gate rewrites it
   * @param fuelMax the most fuel one task may burn; about one unit an instruction
   * @param memoryMaxBytes the most linear memory, a multiple of 64 KiB
   * @param outputMaxBytes the longest output
   */
  record Wasm(Digest module, @DecimalText long fuelMax, long memoryMaxBytes, long outputMaxBytes)
      implements Workload {
    /** A WebAssembly page. */
    public static final int PAGE_BYTES = 65_536;

    /** Checks the ranges. */
    public Wasm {
      Check.present("module", module);
      Check.range("fuelMax", fuelMax, 1, 10_000_000_000_000L);
      Check.range("memoryMaxBytes", memoryMaxBytes, PAGE_BYTES, 1L << 30);
      if (memoryMaxBytes % PAGE_BYTES != 0) {
        throw Check.refusal("memoryMaxBytes", "must be a multiple of 65536, is " + memoryMaxBytes);
      }
      Check.range("outputMaxBytes", outputMaxBytes, 0, 16L << 20);
    }
  }
}

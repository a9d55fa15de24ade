package xyz.openledger.verification.gate;

import java.util.Set;
import xyz.openledger.protocol.Digest;
import xyz.openledger.verification.gate.WasmModule.Import;
import xyz.openledger.verification.gate.WasmModule.Limits;

/**
 * The gate every WebAssembly task passes before any engine sees it.
 *
 * <p>It takes what compilers for wasm32 and WASI preview 1 emit: the MVP with mutable globals, sign
 * extension, saturating conversions, multiple values, and {@code memory.copy}, {@code fill}, {@code
 * init}. It refuses whatever could give another answer on another machine or engine (threads, SIMD,
 * growing tables, exceptions) and every import but {@link HostFunction}. Into what it admits it
 * writes the counters of fuel and call depth, makes NaNs canonical where their bits can be seen
 * ({@link FuelSchedule}, {@code NanSites}), and lowers the memory's declared maximum to the cap, so
 * that {@code memory.grow} answers −1 at the same page everywhere. The result is the same for the
 * same bytes and limits, on every machine, and its digest is the identity of the code.
 *
 * <p>{@code copysign} becomes a call of a function made of integer operations, because its sign
 * operand shows the sign of a NaN; {@code convert_i64_u} to a float becomes a call, too, because
 * engines round it differently. A load or store with a static offset of 2³¹ or more, which can only
 * trap, becomes {@code unreachable}. Code after an unconditional branch is left out.
 */
public final class WasmGate {

  private WasmGate() {}

  /**
   * Admits a module, rewritten.
   *
   * @param module bytes of a module in the binary format; not changed
   * @throws GateRefusal if it is not valid, not within {@code limits}, or uses what is not offered;
   *     nothing else is thrown, whatever the bytes
   */
  public static GatedModule admit(byte[] module, GateLimits limits) {
    return admit(module, limits, Set.of());
  }

  /** Admits a module with meters left out: for tests of the tests. */
  static GatedModule admit(byte[] module, GateLimits limits, Set<Omission> omissions) {
    var decoded = ModuleDecoder.decode(module, limits);
    ModuleChecker.check(decoded, limits);

    int memoryPagesMax = memoryPagesMax(decoded.memory(), limits);
    var injection = new Injection(decoded);
    var meters = new MeterCode(decoded, injection, memoryPagesMax);
    var bodies = new ByteWriter(2 * module.length);
    long instructions = 0;
    long charges = 0;
    long canonicalisations = 0;
    for (int i = 0; i < decoded.bodies().size(); i++) {
      var plan = BodyChecker.check(decoded, i, limits);
      bodies.sized(BodyRewriter.rewrite(decoded, injection, meters, plan, omissions));
      instructions += plan.instructions();
      charges += plan.charges().size();
      canonicalisations += plan.nanSites().size();
    }
    var addedTypes = new ByteWriter(64);
    meters.functions(addedTypes, bodies);
    byte[] bytes =
        new ModuleEncoder(decoded, injection, memoryPagesMax, limits.stackSlotsMax())
            .encode(meters.functionCount(), addedTypes, bodies);

    var report =
        new GateReport(
            FuelSchedule.GATE_VERSION,
            module.length,
            bytes.length,
            decoded.bodies().size(),
            instructions,
            charges,
            canonicalisations,
            (int) decoded.memory().min(),
            memoryPagesMax,
            decoded.imports().stream().map(Import::name).toList());
    return new GatedModule(bytes, Digest.of(bytes), report);
  }

  private static int memoryPagesMax(Limits declared, GateLimits limits) {
    return declared.max() == -1
        ? limits.memoryPagesMax()
        : (int) Math.min(declared.max(), limits.memoryPagesMax());
  }
}

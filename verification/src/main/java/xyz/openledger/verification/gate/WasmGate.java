package xyz.openledger.verification.gate;

import java.util.ArrayList;
import java.util.Set;
import xyz.openledger.protocol.Digest;
import xyz.openledger.verification.gate.GateRefusal.Reason;
import xyz.openledger.verification.gate.WasmModule.Import;
import xyz.openledger.verification.gate.WasmModule.Limits;

/**
 * The gate every WebAssembly task passes before any engine sees it.
 *
 * <p>It takes what compilers for wasm32 and WASI preview 1 emit: the MVP with mutable globals, sign
 * extension, saturating conversions, multiple values, and {@code memory.copy}, {@code fill}, {@code
 * init}. It refuses whatever could give another answer on another machine or engine (threads, SIMD,
 * growing tables, exceptions) and every import but {@link HostFunction}. Into what it admits it
 * writes a counter of fuel ({@link FuelSchedule}) and, into functions that may call themselves, one
 * of call depth; it makes NaNs canonical where their bits can be seen; and it lowers the memory's
 * declared maximum to the cap, so that {@code memory.grow} answers −1 at the same page everywhere.
 * The result is the same for the same bytes and limits, on every machine, and its digest is the
 * identity of the code.
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
    var plans = new ArrayList<BodyPlan>(decoded.bodies().size());
    for (int i = 0; i < decoded.bodies().size(); i++) {
      plans.add(BodyChecker.check(decoded, i, limits));
    }
    var graph = CallGraph.of(decoded, plans);
    int stackSlots = stackSlots(decoded, graph, limits);
    var bodies = new ByteWriter(2 * module.length);
    for (int i = 0; i < plans.size(); i++) {
      int function = decoded.imports().size() + i;
      bodies.sized(
          new BodyRewriter(decoded, function, plans.get(i), graph, injection, meters, omissions)
              .rewrite());
    }
    var addedTypes = new ByteWriter(64);
    meters.functions(addedTypes, bodies);
    byte[] bytes =
        new ModuleEncoder(decoded, injection, memoryPagesMax, stackSlots)
            .encode(meters.functionCount(), addedTypes, bodies);

    var report =
        new GateReport(
            FuelSchedule.GATE_VERSION,
            module.length,
            bytes.length,
            plans.size(),
            plans.stream().mapToLong(BodyPlan::instructions).sum(),
            plans.stream().mapToLong(plan -> plan.charges().size()).sum(),
            plans.stream().mapToLong(plan -> plan.nanSites().size()).sum(),
            (int) decoded.memory().min(),
            memoryPagesMax,
            decoded.imports().stream().map(Import::name).toList());
    return new GatedModule(bytes, Digest.of(bytes), report);
  }

  /**
   * The call depth left to recursion: the limit, less what everything else can take together.
   *
   * @throws GateRefusal if that is more than half of it
   */
  private static int stackSlots(WasmModule module, CallGraph graph, GateLimits limits) {
    int others = graph.slotsWithoutRecursion(ModuleChecker.startOf(module));
    if (module.start() != -1) {
      others = Math.max(others, graph.slotsWithoutRecursion(module.start()));
    }
    if (others > limits.stackSlotsMax() / 2) {
      throw new GateRefusal(
          Reason.LIMIT_EXCEEDED,
          0,
          "functions that call one another without recursion take up to "
              + others
              + " slots of call depth, the limit is "
              + limits.stackSlotsMax() / 2
              + "; build with optimisation");
    }
    return limits.stackSlotsMax() - others;
  }

  private static int memoryPagesMax(Limits declared, GateLimits limits) {
    return declared.max() == -1
        ? limits.memoryPagesMax()
        : (int) Math.min(declared.max(), limits.memoryPagesMax());
  }
}

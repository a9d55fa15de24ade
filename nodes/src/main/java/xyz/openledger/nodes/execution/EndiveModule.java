package xyz.openledger.nodes.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.runtime.Memory;
import run.endive.wasm.InvalidException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.Import;
import run.endive.wasm.types.MemoryLimits;
import xyz.openledger.verification.gate.GatedModule;

/** A module that Endive has parsed, and compiled if it does that: what all of its runs share. */
final class EndiveModule implements LoadedModule {
  private final WasmModule module;
  private final Function<Instance, Machine> machines;
  private final long sizeBytes;
  private final int memoryInitialPages;
  private final int memoryMaximumPages;
  private final List<String> imports;

  private EndiveModule(
      WasmModule module,
      Function<Instance, Machine> machines,
      long sizeBytes,
      MemoryLimits memoryLimits,
      List<String> imports) {
    this.module = module;
    this.machines = machines;
    this.sizeBytes = sizeBytes;
    this.memoryInitialPages = memoryLimits.initialPages();
    this.memoryMaximumPages = memoryLimits.maximumPages();
    this.imports = imports;
  }

  /**
   * Checks what runs rely on, so that a run never finds out.
   *
   * @throws InvalidException if the module lacks what the gate puts into each, or asks for what no
   *     run gives
   */
  static EndiveModule of(WasmModule module, Function<Instance, Machine> machines, long sizeBytes) {
    var exports = module.exportSection();
    var names =
        IntStream.range(0, exports.exportCount())
            .mapToObj(i -> exports.getExport(i).name())
            .toList();
    for (String name : List.of(GatedModule.FUEL_EXPORT, GatedModule.STATE_EXPORT, "_start")) {
      if (!names.contains(name)) {
        throw new InvalidException("the module does not export " + name);
      }
    }
    var limits =
        module
            .memorySection()
            .filter(section -> section.memoryCount() > 0)
            .map(section -> section.getMemory(0).limits())
            .orElse(new MemoryLimits(0, 0));
    return new EndiveModule(module, machines, sizeBytes, limits, wasiImports(module));
  }

  private static List<String> wasiImports(WasmModule module) {
    var section = module.importSection();
    var names = new ArrayList<String>();
    for (int i = 0; i < section.importCount(); i++) {
      Import wanted = section.getImport(i);
      if (wanted.importType() != ExternalType.FUNCTION
          || !wanted.module().equals(WasiFunctions.MODULE)
          || !WasiFunctions.has(wanted.name())) {
        throw new InvalidException(
            "the module imports %s.%s, and there is no such function here"
                .formatted(wanted.module(), wanted.name()));
      }
      names.add(wanted.name());
    }
    return names.stream().distinct().toList();
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public Execution run(ExecutionRequest request) throws ExecutionFault {
    return new EndiveRun(this, request).run();
  }

  /** The pages that a fresh memory has. */
  int memoryInitialPages() {
    return memoryInitialPages;
  }

  /** The pages that a memory may grow to under {@code memoryMaxBytes}. */
  int memoryMaximumPages(long memoryMaxBytes) {
    return (int) Math.min(memoryMaximumPages, memoryMaxBytes / Memory.PAGE_SIZE);
  }

  /**
   * A fresh instance over {@code memory}, its functions bound to {@code world}, not yet started.
   *
   * @param trace hears of each call of the host; null if nothing is noted
   */
  Instance instantiate(LinearMemory memory, WasiWorld world, @Nullable StateTrace trace) {
    var functions =
        imports.stream()
            .map(name -> WasiFunctions.bind(name, world, trace))
            .toArray(ImportFunction[]::new);
    return Instance.builder(module)
        .withMachineFactory(machines)
        .withImportValues(ImportValues.builder().addFunction(functions).build())
        .withMemoryFactory(_ -> memory)
        .withStart(false)
        .build();
  }
}

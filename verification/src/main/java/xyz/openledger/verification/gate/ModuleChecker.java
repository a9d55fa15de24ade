package xyz.openledger.verification.gate;

import java.util.HashSet;
import xyz.openledger.verification.gate.GateRefusal.Reason;
import xyz.openledger.verification.gate.WasmModule.Data;
import xyz.openledger.verification.gate.WasmModule.Elements;
import xyz.openledger.verification.gate.WasmModule.Export;
import xyz.openledger.verification.gate.WasmModule.Import;
import xyz.openledger.verification.gate.WasmModule.Limits;

/** Checks everything of a module but the code inside its functions. */
final class ModuleChecker {

  static final String START_EXPORT = "_start";
  static final String MEMORY_EXPORT = "memory";

  /** Names that begin so are the gate's own. */
  static final String RESERVED = "openledger_";

  static final int PAGE_BYTES = 65_536;

  private static final int FUNCTION = 0;
  private static final int MEMORY = 2;

  private final WasmModule module;
  private final GateLimits limits;

  private ModuleChecker(WasmModule module, GateLimits limits) {
    this.module = module;
    this.limits = limits;
  }

  /**
   * Checks {@code module}.
   *
   * @throws GateRefusal naming the first thing that is wrong
   */
  static void check(WasmModule module, GateLimits limits) {
    var checker = new ModuleChecker(module, limits);
    checker.functions();
    checker.memory();
    checker.table();
    checker.exports();
    checker.start();
    module.elements().forEach(checker::elements);
    checker.data();
  }

  private void functions() {
    for (Import imported : module.imports()) {
      within(imported.type(), module.types().size(), imported.offset(), "type");
      imported(imported);
    }
    for (int type : module.functionTypes()) {
      within(type, module.types().size(), 0, "type");
    }
    if (module.functionCount() > limits.functionsMax()) {
      throw refusal(
          Reason.LIMIT_EXCEEDED,
          0,
          "the module has "
              + module.functionCount()
              + " functions, the limit is "
              + limits.functionsMax());
    }
    if (module.bodies().size() != module.functionTypes().length) {
      throw refusal(
          Reason.MALFORMED,
          0,
          "the module declares "
              + module.functionTypes().length
              + " functions and has "
              + module.bodies().size()
              + " bodies; rebuild it");
    }
  }

  private void imported(Import imported) {
    String name = GateRefusal.quote(imported.module() + "." + imported.name());
    var function =
        HostFunction.find(imported.module(), imported.name())
            .orElseThrow(
                () ->
                    refusal(
                        Reason.IMPORT_REFUSED,
                        imported.offset(),
                        "imports " + name + ", which is not offered; " + advice(imported)));
    var type = module.types().get(imported.type());
    if (!type.equals(function.signature())) {
      throw refusal(
          Reason.IMPORT_REFUSED,
          imported.offset(),
          "imports " + name + " as " + type + ", it is " + function.signature());
    }
  }

  private static String advice(Import imported) {
    if (imported.module().equals(HostFunction.MODULE)) {
      return "a task has standard input and output, arguments, time and randomness, but no files,"
          + " network or sleep: leave the call out";
    }
    return imported.name().equals("abort")
        ? "build AssemblyScript with --use abort=<a function of your own>"
        : "link it into the module, or use WASI preview 1 (" + HostFunction.MODULE + ")";
  }

  private void memory() {
    Limits memory = module.memory();
    if (memory.min() > limits.memoryPagesMax()) {
      throw refusal(
          Reason.LIMIT_EXCEEDED,
          memory.offset(),
          "the memory begins with "
              + memory.min()
              + " pages of 64 KiB, the limit is "
              + limits.memoryPagesMax());
    }
    ordered(memory, PAGE_BYTES);
  }

  private void table() {
    Limits table = module.table();
    if (table != null) {
      ordered(table, 0xFFFF_FFFFL);
    }
  }

  private static void ordered(Limits size, long ceiling) {
    if (size.max() != -1 && (size.max() < size.min() || size.max() > ceiling)) {
      throw refusal(
          Reason.MALFORMED,
          size.offset(),
          "a maximum of "
              + size.max()
              + " is below the minimum "
              + size.min()
              + " or above "
              + ceiling
              + "; rebuild the module");
    }
  }

  /** The function exported as {@code _start}; the module has been checked. */
  static int startOf(WasmModule module) {
    for (Export export : module.exports()) {
      if (export.name().equals(START_EXPORT)) {
        return export.index();
      }
    }
    throw new IllegalStateException("not checked");
  }

  private void exports() {
    var names = new HashSet<String>();
    boolean start = false;
    boolean memory = false;
    for (Export export : module.exports()) {
      if (!names.add(export.name())) {
        throw refusal(
            Reason.MALFORMED,
            export.offset(),
            "two exports are named " + GateRefusal.quote(export.name()));
      }
      if (export.name().startsWith(RESERVED)) {
        throw refusal(
            Reason.ALREADY_GATED,
            export.offset(),
            "exports "
                + GateRefusal.quote(export.name())
                + "; names with '"
                + RESERVED
                + "' are the gate's own");
      }
      within(export.index(), countOf(export.kind()), export.offset(), "export's index");
      start |= export.name().equals(START_EXPORT) && isStart(export);
      memory |= export.name().equals(MEMORY_EXPORT) && export.kind() == MEMORY;
    }
    if (!start) {
      throw refusal(
          Reason.EXPORT_MISSING,
          0,
          "the module does not export a function _start without parameters and results; link it as"
              + " a command (clang --target=wasm32-wasi; asc --exportStart _start)");
    }
    if (!memory) {
      throw refusal(Reason.EXPORT_MISSING, 0, "the module does not export its memory as 'memory'");
    }
  }

  private boolean isStart(Export export) {
    return export.kind() == FUNCTION
        && export.index() >= module.imports().size()
        && module.signatureOf(export.index()).equals(Signature.NOTHING);
  }

  private int countOf(int kind) {
    return switch (kind) {
      case FUNCTION -> module.functionCount();
      case 1 -> module.table() == null ? 0 : 1;
      case MEMORY -> 1;
      default -> module.globals().size();
    };
  }

  private void start() {
    if (module.start() == -1) {
      return;
    }
    within(module.start(), module.functionCount(), 0, "start function's index");
    var signature = module.signatureOf(module.start());
    if (!signature.equals(Signature.NOTHING)) {
      throw refusal(
          Reason.TYPE_MISMATCH, 0, "the start function is " + signature + ", it must be () -> ()");
    }
  }

  private void elements(Elements segment) {
    for (int function : segment.functions()) {
      within(function, module.functionCount(), segment.offset(), "function index");
    }
    long entries = module.table() == null ? 0 : module.table().min();
    if (segment.at() + segment.functions().length > entries) {
      throw refusal(
          Reason.SEGMENT_OUT_OF_BOUNDS,
          segment.offset(),
          "an element segment ends after the table's " + entries + " entries; rebuild the module");
    }
  }

  private void data() {
    long bytes = module.memory().min() * PAGE_BYTES;
    for (Data segment : module.data()) {
      if (segment.at() != -1 && segment.at() + segment.bytes().length() > bytes) {
        throw refusal(
            Reason.SEGMENT_OUT_OF_BOUNDS,
            segment.offset(),
            "a data segment ends after the memory's first "
                + bytes
                + " bytes; give the module more initial memory");
      }
    }
    if (module.dataCount() != -1 && module.dataCount() != module.data().size()) {
      throw refusal(
          Reason.MALFORMED,
          0,
          "the module announces "
              + module.dataCount()
              + " data segments and has "
              + module.data().size()
              + "; rebuild it");
    }
  }

  private static void within(int index, int count, int offset, String what) {
    if (index >= count) {
      throw refusal(
          Reason.UNKNOWN_INDEX,
          offset,
          "the " + what + " " + index + " is not one of " + count + "; rebuild the module");
    }
  }

  private static GateRefusal refusal(Reason reason, int offset, String sentence) {
    return new GateRefusal(reason, offset, sentence);
  }
}

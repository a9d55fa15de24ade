package xyz.openledger.verification.gate;

import xyz.openledger.verification.gate.WasmModule.Data;
import xyz.openledger.verification.gate.WasmModule.Elements;
import xyz.openledger.verification.gate.WasmModule.Global;
import xyz.openledger.verification.gate.WasmModule.Import;
import xyz.openledger.verification.gate.WasmModule.Limits;

/**
 * Writes the gated module: one form for each module, whatever spare bytes and names the submitted
 * one had. Custom sections are left out; the gate's own comes first.
 */
final class ModuleEncoder {

  /** The custom section that says by which version of the gate a module was made. */
  static final String SECTION = "openledger.gate";

  private static final int MUTABLE = 1;

  private final WasmModule module;
  private final Injection injection;
  private final int memoryPagesMax;
  private final int stackSlots;
  private final ByteWriter out;

  ModuleEncoder(WasmModule module, Injection injection, int memoryPagesMax, int stackSlots) {
    this.module = module;
    this.injection = injection;
    this.memoryPagesMax = memoryPagesMax;
    this.stackSlots = stackSlots;
    this.out = new ByteWriter(2 * module.source().length + 1_024);
  }

  /**
   * Encodes the module.
   *
   * @param added how many functions the gate adds
   * @param addedTypes the type index of each
   * @param bodies all bodies with their sizes: the module's, then the added ones
   */
  byte[] encode(int added, ByteWriter addedTypes, ByteWriter bodies) {
    out.ops(0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00);
    var own = new ByteWriter(32).name(SECTION).unsigned(FuelSchedule.GATE_VERSION);
    section(0, own);
    section(1, types());
    section(2, imports());
    section(3, functions(added, addedTypes));
    section(4, table());
    section(5, memory());
    section(6, globals());
    section(7, exports());
    section(9, elements());
    section(12, dataCount());
    int count = module.bodies().size() + added;
    section(10, new ByteWriter(bodies.size() + 8).unsigned(count).append(bodies));
    section(11, data());
    return out.toBytes();
  }

  /** Writes a section unless it says nothing. */
  private void section(int id, ByteWriter contents) {
    if (contents.size() > 0) {
      out.u8(id).sized(contents);
    }
  }

  private ByteWriter types() {
    var types = new ByteWriter(256).unsigned(injection.types().size());
    for (Signature type : injection.types()) {
      valueTypes(types.u8(0x60), type.parameters());
      valueTypes(types, type.results());
    }
    return types;
  }

  private static void valueTypes(ByteWriter out, byte[] types) {
    out.unsigned(types.length).raw(types, 0, types.length);
  }

  private ByteWriter imports() {
    var imports = new ByteWriter(256);
    if (!module.imports().isEmpty()) {
      imports.unsigned(module.imports().size());
    }
    for (Import imported : module.imports()) {
      imports.name(imported.module()).name(imported.name()).u8(0).unsigned(imported.type());
    }
    return imports;
  }

  private ByteWriter functions(int added, ByteWriter addedTypes) {
    var functions = new ByteWriter(256).unsigned(module.functionTypes().length + added);
    for (int type : module.functionTypes()) {
      functions.unsigned(type);
    }
    return functions.append(addedTypes);
  }

  private ByteWriter table() {
    var out = new ByteWriter(16);
    Limits table = module.table();
    if (table == null) {
      return out;
    }
    out.u8(1).u8(0x70).u8(table.max() == -1 ? 0 : 1).unsigned(table.min());
    return table.max() == -1 ? out : out.unsigned(table.max());
  }

  private ByteWriter memory() {
    long min = module.memory().min();
    return new ByteWriter(16).u8(1).u8(1).unsigned(min).unsigned(memoryPagesMax);
  }

  private ByteWriter globals() {
    var globals = new ByteWriter(256).unsigned(module.globals().size() + 3);
    for (Global global : module.globals()) {
      globals.u8(global.type()).u8(global.mutable() ? MUTABLE : 0);
      ConstantExpression.write(globals, global.type(), global.value());
    }
    // Fuel begins at 0: a host that forgets to set it gets nothing for free.
    counter(globals, ValueTypes.I64, 0);
    counter(globals, ValueTypes.I32, GatedModule.STATE_RUNNING);
    counter(globals, ValueTypes.I32, stackSlots);
    return globals;
  }

  private static void counter(ByteWriter globals, int type, long value) {
    globals.u8(type).u8(MUTABLE);
    ConstantExpression.write(globals, type, value);
  }

  /** Only what the host uses; other exports would be ways in that nobody has checked. */
  private ByteWriter exports() {
    return new ByteWriter(96)
        .unsigned(4)
        .name(ModuleChecker.START_EXPORT)
        .u8(0)
        .unsigned(injection.start())
        .name(ModuleChecker.MEMORY_EXPORT)
        .u8(2)
        .unsigned(0)
        .name(GatedModule.FUEL_EXPORT)
        .u8(3)
        .unsigned(injection.fuel())
        .name(GatedModule.STATE_EXPORT)
        .u8(3)
        .unsigned(injection.state());
  }

  private ByteWriter elements() {
    var elements = new ByteWriter(256);
    if (!module.elements().isEmpty()) {
      elements.unsigned(module.elements().size());
    }
    for (Elements segment : module.elements()) {
      ConstantExpression.write(elements.u8(0), ValueTypes.I32, segment.at());
      elements.unsigned(segment.functions().length);
      for (int function : segment.functions()) {
        elements.unsigned(injection.callee(function));
      }
    }
    return elements;
  }

  private ByteWriter dataCount() {
    var out = new ByteWriter(8);
    return module.dataCount() == -1 ? out : out.unsigned(module.dataCount());
  }

  private ByteWriter data() {
    var data = new ByteWriter(256);
    if (!module.data().isEmpty()) {
      data.unsigned(module.data().size());
    }
    for (Data segment : module.data()) {
      if (segment.at() == -1) {
        data.u8(1);
      } else {
        ConstantExpression.write(data.u8(0), ValueTypes.I32, segment.at());
      }
      data.unsigned(segment.bytes().length());
      data.raw(module.source(), segment.bytes().start(), segment.bytes().end());
    }
    return data;
  }
}

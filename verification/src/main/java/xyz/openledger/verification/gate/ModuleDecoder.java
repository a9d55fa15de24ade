package xyz.openledger.verification.gate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.verification.gate.GateRefusal.Reason;
import xyz.openledger.verification.gate.WasmModule.Data;
import xyz.openledger.verification.gate.WasmModule.Elements;
import xyz.openledger.verification.gate.WasmModule.Export;
import xyz.openledger.verification.gate.WasmModule.Global;
import xyz.openledger.verification.gate.WasmModule.Import;
import xyz.openledger.verification.gate.WasmModule.Limits;
import xyz.openledger.verification.gate.WasmModule.Span;

/** Reads the sections of a module in the order of the binary format, within the limits. */
final class ModuleDecoder {

  /** Magic number and version 1. */
  private static final long HEADER = 0x00000001_6D736100L;

  /** Section numbers in the order in which they must stand; 12 is the data count. */
  private static final List<Integer> ORDER = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11);

  private final byte[] source;
  private final GateLimits limits;
  private final SectionItems items;

  private List<Signature> types = List.of();
  private List<Import> imports = List.of();
  private int[] functionTypes = {};
  private @Nullable Limits table;
  private @Nullable Limits memory;
  private List<Global> globals = List.of();
  private List<Export> exports = List.of();
  private int start = -1;
  private List<Elements> elements = List.of();
  private int dataCount = -1;
  private List<Span> bodies = List.of();
  private List<Data> data = List.of();

  private ModuleDecoder(byte[] source, GateLimits limits) {
    this.source = source;
    this.limits = limits;
    this.items = new SectionItems(limits);
  }

  /**
   * Decodes {@code source}.
   *
   * @throws GateRefusal if it is not a module of the format and features the gate knows
   */
  static WasmModule decode(byte[] source, GateLimits limits) {
    if (source.length > limits.moduleBytesMax()) {
      throw new GateRefusal(
          Reason.LIMIT_EXCEEDED,
          0,
          "the module has " + source.length + " bytes, the limit is " + limits.moduleBytesMax());
    }
    return new ModuleDecoder(source, limits).sections();
  }

  private WasmModule sections() {
    var in = new ByteReader(source, 0, source.length);
    if (in.remaining() < 8 || in.bits(8) != HEADER) {
      throw new GateRefusal(
          Reason.NOT_WEBASSEMBLY,
          0,
          "these bytes are not a WebAssembly module (version 1); submit the .wasm file");
    }
    int reached = -1;
    while (!in.atEnd()) {
      int offset = in.position();
      int id = in.u8();
      var contents = in.window(in.u32());
      if (id == 0) {
        custom(offset, contents);
        continue;
      }
      int rank = ORDER.indexOf(id);
      if (rank < 0) {
        throw new GateRefusal(
            Reason.UNSUPPORTED_FEATURE,
            offset,
            "section " + id + " belongs to a feature that is not offered; build for the MVP");
      }
      if (rank <= reached) {
        throw new GateRefusal(
            Reason.MALFORMED, offset, "section " + id + " is out of order; rebuild the module");
      }
      reached = rank;
      section(id, contents);
      contents.requireEnd("section " + id);
    }
    if (memory == null) {
      throw new GateRefusal(
          Reason.EXPORT_MISSING, 0, "the module has no memory; give it one, exported as 'memory'");
    }
    return new WasmModule(
        source,
        types,
        imports,
        functionTypes,
        table,
        memory,
        globals,
        exports,
        start,
        elements,
        dataCount,
        bodies,
        data);
  }

  private static void custom(int offset, ByteReader contents) {
    if (contents.name().equals(ModuleEncoder.SECTION)) {
      throw new GateRefusal(
          Reason.ALREADY_GATED,
          offset,
          "the module has been through the gate; submit the module it was made from");
    }
  }

  private void section(int id, ByteReader in) {
    switch (id) {
      case 1 -> types = vector(in, "types", items::type);
      case 2 -> imports = vector(in, "imports", SectionItems::imported);
      case 3 -> functionTypes = SectionItems.indices(in, "functions", limits.functionsMax());
      case 4 -> table = only(vector(in, "tables", items::table));
      case 5 -> memory = only(vector(in, "memories", SectionItems::memory));
      case 6 -> globals = vector(in, "globals", SectionItems::global);
      case 7 -> exports = vector(in, "exports", SectionItems::export);
      case 8 -> start = SectionItems.index(in);
      case 9 -> elements = vector(in, "element segments", items::elements);
      case 10 -> bodies = vector(in, "function bodies", limits.functionsMax(), items::body);
      case 11 -> data = vector(in, "data segments", SectionItems::data);
      default -> dataCount = SectionItems.index(in);
    }
  }

  private interface ItemReader<T> {
    T read(ByteReader in);
  }

  private <T> List<T> vector(ByteReader in, String things, ItemReader<T> reader) {
    return vector(in, things, limits.declarationsMax(), reader);
  }

  private static <T> List<T> vector(ByteReader in, String things, int max, ItemReader<T> reader) {
    int count = in.count(things, max);
    var items = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      items.add(reader.read(in));
    }
    return items;
  }

  private static <T> @Nullable T only(List<T> items) {
    if (items.size() > 1) {
      throw new GateRefusal(
          Reason.UNSUPPORTED_FEATURE,
          0,
          "the module has " + items.size() + " tables or memories; build it with one of each");
    }
    return items.isEmpty() ? null : items.getFirst();
  }
}
